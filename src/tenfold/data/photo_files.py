"""Photos as files: in a folder, in a zip, or in a folder inside a zip, named by their paths from there.

    flowers/daisy/100.jpg     flowers.zip     cats_dogs.zip/train     holiday.jpg

A zip is read where it lies; nothing is unpacked. Files that are no pictures by their endings are left out, and so are
hidden ones and what some systems add (`__MACOSX`). Folders that hold all else and nothing beside are looked through.
"""

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tenfold.errors import TableError

__all__ = ["PhotoFiles", "find_photo_files", "is_photo_source"]

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif", ".ppm", ".pgm"})
"""Endings of pictures that Pillow reads, in lower case."""

MOST_BYTES = 256 * 2**20
"""A file in a zip that claims to be larger is not unpacked: no photo is, and memory is short (arbitrary)."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class PhotoFiles:
    """Files of photos, named from where all of them lie.

    Args:
        source: What the user named.
        names: Paths with `/` between their parts, in the order of the alphabet.
        folders: Folders at the top that hold no picture at any depth.
        read: From one of `names` to the bytes of the file; may be called from several threads.
    """

    source: Path
    names: tuple[str, ...]
    folders: tuple[str, ...]
    read: Callable[[str], bytes]


def is_photo_source(path: Path) -> bool:
    """Whether a path names a picture, or a folder or zip with a picture somewhere inside; a `.zip` always does."""
    archive, _ = _divide(path)
    if archive is not None:
        return archive.suffix.lower() == ".zip" or any(map(_is_picture, _zip_names(archive)[0]))
    if path.is_file():
        return path.suffix.lower() in ENDINGS
    return path.is_dir() and any(_is_picture(name) for _, _, names in os.walk(path) for name in names)


def find_photo_files(path: Path) -> PhotoFiles:
    """The pictures in a folder, in a zip, or in a folder inside a zip; a single picture is a folder of one.

    Args:
        path: What the user named.

    Returns:
        The files.

    Raises:
        TableError: A zip that is damaged, locked, or has paths that lead outside; no picture.
    """
    archive, inside = _divide(path)
    if archive is not None:
        return _files_of_zip(path, archive, inside)
    if path.is_file():
        return PhotoFiles(path, (path.name,), (), lambda _: path.read_bytes())
    walked = [(Path(place), folders, names) for place, folders, names in os.walk(path)]
    names = [(place / name).relative_to(path).as_posix() for place, _, names in walked for name in names]
    folders = [(place / name).relative_to(path).as_posix() for place, folders, _ in walked for name in folders]
    top, pictures, empty = _from_common_folder(path, names, folders)
    return PhotoFiles(path, pictures, empty, lambda name: (path / top / name).read_bytes())


def _divide(path: Path) -> tuple[Path | None, str]:
    """The zip that a path names or leads into, and the folder inside; None where there is no zip."""
    for archive in (path, *path.parents):
        if archive.is_file():
            with archive.open("rb") as file:
                is_zip = file.read(4) in {_ZIP, _EMPTY_ZIP} or archive.suffix.lower() == ".zip"
            return (archive, path.relative_to(archive).as_posix()) if is_zip else (None, "")
    return None, ""


def _files_of_zip(path: Path, archive: Path, inside: str) -> PhotoFiles:
    names, folders = _zip_names(archive)
    inside = "" if inside == "." else f"{inside}/"
    own = [name.removeprefix(inside) for name in names if name.startswith(inside)]
    within = [name.removeprefix(inside) for name in folders if name.startswith(inside)]
    top, pictures, empty = _from_common_folder(path, own, within)
    opened = zipfile.ZipFile(archive)  # closed with the last reference to `read`

    def read(name: str) -> bytes:
        member = opened.getinfo(f"{inside}{top}{name}")
        if member.file_size > MOST_BYTES:
            raise OSError(f"{member.file_size:,} bytes are too many for a photo")
        return opened.read(member)

    return PhotoFiles(path, pictures, empty, read)


def _zip_names(archive: Path) -> tuple[list[str], list[str]]:
    """Files and folders of a zip."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise TableError(
            "zip_damaged", f"`{archive.name}` is a damaged zip: {error}", expected="a zip that opens",
            hint="copy or download it again",
        ) from error  # fmt: skip
    for member in members:
        if _leads_outside(member.filename):
            raise TableError(
                "zip_leads_outside",
                f"`{archive.name}` holds a path that leads outside of it",
                expected="paths from the top of the zip",
                received=f"`{member.filename[:100]}`",
            )
        if member.flag_bits & 1:
            raise TableError(
                "zip_locked", f"`{archive.name}` is locked with a password", expected="a zip without a password"
            )
    files = [member.filename for member in members if not member.is_dir()]
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}
    folders |= {member.filename.rstrip("/") for member in members if member.is_dir()}
    return files, sorted(folders)


def _leads_outside(name: str) -> bool:
    """Whether a zip's path begins at a root or a drive, or climbs."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def _from_common_folder(
    path: Path, names: Sequence[str], folders: Sequence[str]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The folder that holds all pictures and folders of them, pictures named from there, and its empty folders.

    It is looked through from the top as long as it holds a single folder and no picture, and that folder has folders
    of pictures: a folder of pictures alone is a class, not a wrapping.
    """
    pictures = sorted(name for name in names if _is_picture(name))
    if not pictures:
        raise TableError(
            "no_photos",
            f"`{path}` holds no photos",
            expected="one folder for each class, with photos in it",
            received="no file that ends with .jpg, .png or the like",
        )
    seen = sorted({name for name in folders if not _is_hidden(name)})
    top = ""
    while True:
        firsts = {name.split("/")[0] for name in (*pictures, *seen)}
        is_wrapped = len(firsts) == 1 and all(name.count("/") > 1 for name in pictures)
        if not is_wrapped:
            break
        (first,) = firsts
        top += f"{first}/"
        pictures = [name.removeprefix(f"{first}/") for name in pictures]
        seen = [name.removeprefix(f"{first}/") for name in seen if name != first]
    filled = {name.split("/")[0] for name in pictures}
    empty = [name for name in seen if "/" not in name and name not in filled]
    return top, tuple(pictures), tuple(empty)


def _is_picture(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ENDINGS and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))
