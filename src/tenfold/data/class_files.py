"""Photos or texts as files: in a folder, in a zip, or in a folder inside a zip, named by their paths from there.

    flowers/daisy/100.jpg     flowers.zip     cats_dogs.zip/train     holiday.jpg     reviews/good/7.txt

A zip is read where it lies; nothing is unpacked. Files with other endings are left out, and so are hidden ones and what
some systems add (`__MACOSX`). Folders that hold all else and nothing beside are looked through.
"""

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tenfold.errors import TableError

__all__ = [
    "PHOTOS",
    "TEXTS",
    "ClassFiles",
    "FileKind",
    "check_classes",
    "find_files",
    "kind_of_source",
    "label_of",
    "listed_names",
]


@dataclass(frozen=True)
class FileKind:
    """What files hold.

    Args:
        noun: One of them: "photo".
        endings: Of their names, in lower case.
        example: Of endings, as in a sentence.
    """

    noun: str
    endings: frozenset[str]
    example: str

    def is_one(self, name: str) -> bool:
        """Whether a path ends as these files do and is not hidden."""
        return PurePosixPath(name).suffix.lower() in self.endings and not _is_hidden(name)


PHOTOS = FileKind(
    "photo",
    frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif", ".ppm", ".pgm"}),
    ".jpg, .png or the like",
)
"""Pictures that Pillow reads."""

TEXTS = FileKind("text", frozenset({".txt", ".text"}), ".txt")

PART_NAMES = frozenset({
    "train", "training", "train_set", "training_set", "test", "testing", "test_set", "val", "valid", "validation",
    "validation_set", "val_set", "eval",
})  # fmt: skip
"""Folders at the top that are parts of somebody's split, not classes."""

NUM_NAMED = 5
"""Folders that a sentence names."""

MOST_BYTES = 256 * 2**20
"""A file in a zip that claims to be larger is not unpacked: no photo is, and memory is short (arbitrary)."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class ClassFiles:
    """Files of one kind, named from where all of them lie.

    Args:
        kind: What they hold.
        source: What the user named.
        names: Paths with `/` between their parts, in the order of the alphabet.
        folders: Folders at the top that hold none at any depth.
        read: From one of `names` to the bytes of the file; may be called from several threads.
    """

    kind: FileKind
    source: Path
    names: tuple[str, ...]
    folders: tuple[str, ...]
    read: Callable[[str], bytes]


def kind_of_source(path: Path, *, is_labelled: bool = True) -> FileKind | None:
    """What a path names: a picture, a folder or zip with one somewhere inside, or folders of texts.

    Args:
        path: As the user wrote it.
        is_labelled: Whether texts must lie in folders; else any folder of texts is one, but a lone text may be a table.

    Returns:
        The kind, `PHOTOS` for any other zip; None where it names none of these, such as a table.

    Raises:
        TableError: A zip that is damaged, locked, or has paths that lead outside.
    """
    archive, inside = _divide(path)
    if archive is not None:
        begins = "" if inside == "." else f"{inside}/"
        names = [name.removeprefix(begins) for name in _zip_names(archive)[0] if name.startswith(begins)]
    elif path.is_file():
        return PHOTOS if PHOTOS.is_one(path.name) else None
    else:
        names = [(Path(place) / name).relative_to(path).as_posix() for place, _, own in os.walk(path) for name in own]
    if any(map(PHOTOS.is_one, names)):
        return PHOTOS
    folders = {str(PurePosixPath(name).parent) for name in names if TEXTS.is_one(name)}
    if folders - {"."} or (folders and not is_labelled):
        return TEXTS
    return PHOTOS if archive is not None and archive.suffix.lower() == ".zip" else None


def find_files(path: Path, kind: FileKind) -> ClassFiles:
    """The files of a kind in a folder, in a zip, or in a folder inside a zip; a single file is a folder of one.

    Args:
        path: What the user named.
        kind: What is sought.

    Returns:
        The files.

    Raises:
        TableError: A zip that is damaged, locked, or has paths that lead outside; no such file.
    """
    archive, inside = _divide(path)
    if archive is not None:
        return _files_of_zip(path, archive, inside, kind)
    if path.is_file():
        return ClassFiles(kind, path, (path.name,), (), lambda _: path.read_bytes())
    walked = [(Path(place), folders, names) for place, folders, names in os.walk(path)]
    names = [(place / name).relative_to(path).as_posix() for place, _, names in walked for name in names]
    folders = [(place / name).relative_to(path).as_posix() for place, folders, _ in walked for name in folders]
    top, own, empty = _from_common_folder(path, names, folders, kind)
    return ClassFiles(kind, path, own, empty, lambda name: (path / top / name).read_bytes())


def label_of(name: str) -> str:
    """The class of a file: its folder at the top."""
    return name.split("/", maxsplit=1)[0]


def _divide(path: Path) -> tuple[Path | None, str]:
    """The zip that a path names or leads into, and the folder inside; None where there is no zip."""
    for archive in (path, *path.parents):
        if archive.is_file():
            with archive.open("rb") as file:
                is_zip = file.read(4) in {_ZIP, _EMPTY_ZIP} or archive.suffix.lower() == ".zip"
            return (archive, path.relative_to(archive).as_posix()) if is_zip else (None, "")
    return None, ""


def _files_of_zip(path: Path, archive: Path, inside: str, kind: FileKind) -> ClassFiles:
    names, folders = _zip_names(archive)
    inside = "" if inside == "." else f"{inside}/"
    own = [name.removeprefix(inside) for name in names if name.startswith(inside)]
    within = [name.removeprefix(inside) for name in folders if name.startswith(inside)]
    top, found, empty = _from_common_folder(path, own, within, kind)
    opened = zipfile.ZipFile(archive)  # closed with the last reference to `read`

    def read(name: str) -> bytes:
        member = opened.getinfo(f"{inside}{top}{name}")
        if member.file_size > MOST_BYTES:
            raise OSError(f"{member.file_size:,} bytes are too many for a {kind.noun}")
        return opened.read(member)

    return ClassFiles(kind, path, found, empty, read)


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
    path: Path, names: Sequence[str], folders: Sequence[str], kind: FileKind
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The folder that holds all files and folders of them, files named from there, and its empty folders.

    It is looked through from the top as long as it holds a single folder and no file, and that folder has folders of
    files: a folder of files alone is a class, not a wrapping.
    """
    found = sorted(name for name in names if kind.is_one(name))
    if not found:
        raise TableError(
            f"no_{kind.noun}s",
            f"`{path}` holds no {kind.noun}s",
            expected=f"one folder for each class, with {kind.noun}s in it",
            received=f"no file that ends with {kind.example}",
        )
    seen = sorted({name for name in folders if not _is_hidden(name)})
    top = ""
    while True:
        firsts = {name.split("/")[0] for name in (*found, *seen)}
        is_wrapped = len(firsts) == 1 and all(name.count("/") > 1 for name in found)
        if not is_wrapped:
            break
        (first,) = firsts
        top += f"{first}/"
        found = [name.removeprefix(f"{first}/") for name in found]
        seen = [name.removeprefix(f"{first}/") for name in seen if name != first]
    filled = {name.split("/")[0] for name in found}
    empty = [name for name in seen if "/" not in name and name not in filled]
    return top, tuple(found), tuple(empty)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def check_classes(files: ClassFiles) -> None:
    """Refuse folders that are no classes.

    Args:
        files: From `find_files`.

    Raises:
        TableError: Files without a folder, parts of a split in place of classes, an empty class, one class only.
    """
    noun = f"{files.kind.noun}s"
    loose = [name for name in files.names if "/" not in name]
    labels = list(dict.fromkeys(label_of(name) for name in files.names if "/" in name))
    if loose and not labels:
        raise TableError(
            "no_classes",
            f"`{files.source}` holds {len(loose):,} {noun}, but no folder for each class",
            expected=f"two folders or more, each with the {noun} of one class",
            received=f"`{loose[0]}` without a folder",
        )
    if loose:
        raise TableError(
            f"loose_{noun}",
            f"`{files.source}` holds {len(loose):,} {files.kind.noun}{'s' * (len(loose) > 1)} beside its folders",
            expected=f"each {files.kind.noun} in the folder of its class",
            received=f"`{loose[0]}`",
        )
    parts = [name for name in (*labels, *files.folders) if name.lower() in PART_NAMES]
    if len(parts) > 1 and len(parts) == len(labels) + len(files.folders):
        raise TableError(
            "parts_of_a_split",
            f"`{files.source}` is divided into {listed_names(sorted(parts))}, not into classes",
            expected="one folder for each class",
            hint=f"name one part, such as {files.source}/{_training(parts)}: Tenfold seals rows of its own",
        )
    if files.folders:
        raise TableError(
            "empty_class",
            f"The folder {listed_names(files.folders[:NUM_NAMED])} in `{files.source}` holds no {noun}",
            expected=f"{noun} in each folder, which is a class",
            hint="fill it, or remove it",
        )
    if len(labels) == 1:
        raise TableError(
            "one_class",
            f"`{files.source}` holds {noun} of one class only, `{labels[0]}`",
            expected=f"two folders or more, each with the {noun} of one class",
        )


def listed_names(names: Sequence[str]) -> str:
    """Names of files or folders in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def _training(parts: Sequence[str]) -> str:
    """The part that a user most likely wants."""
    return next((name for name in sorted(parts) if name.lower().startswith("train")), parts[0])
