"""Weights of networks that were trained on ImageNet: which file holds which, where it is looked for, how it is got.

    tenfold run flowers.zip --weights mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96_no_top.h5
    tenfold run flowers.zip --weights vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5
    tenfold run flowers.zip --weights mobilenet_v2_1.0_160:my_base.weights.h5     # a file with a name of its own
    tenfold run flowers.zip --weights vgg16_96:my_vgg16.h5                        # photos of 96 pixels in place of 150
    tenfold run flowers.zip --weights none                                        # do not look for any

The file's name says the network, its width and the size of photos it was trained for. Without the option the file that
Keras itself would keep (`$KERAS_HOME/models`, by default `~/.keras/models`) is used where it is there; budgets above
quick try to download it for ten seconds. Where there is none the run says so in a sentence and goes on without: random
weights are never used in their place.

Plain Python: what is asked for can be refused before Keras is loaded.
"""

import os
import re
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import OptionError
from tenfold.writing import writing

__all__ = [
    "AUTOMATIC",
    "FAMILIES",
    "NO_WEIGHTS",
    "Family",
    "Weights",
    "download_weights",
    "find_weights",
    "missing_sentence",
    "models_folder",
]

NO_WEIGHTS = "none"
"""What is typed to have none."""

KERAS_FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{side}_no_top.h5"
KERAS_URL = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
"""As `keras.applications` names them; it publishes no hash of these files. Source: Keras 3.15, `mobilenet_v2.py`."""

SECONDS = 10.0
"""That a download may take in all: 1.9 MB."""

FEWEST_BYTES = 4
"""Of a file's signature."""

SIGNATURES = (b"\x89HDF", b"PK\x03\x04")
"""Files of weights are HDF5 or, as `.keras`, a zip."""


@dataclass(frozen=True)
class Family:
    """A network of `keras.applications`.

    Args:
        name: As typed.
        words: As in a sentence.
        pattern: Of file names that say it.
        last_block: How the names of its last block's layers begin: what fine-tuning sets free.
        side: Pixels of a side of photos where a file's name says none.
    """

    name: str
    words: str
    pattern: re.Pattern[str]
    last_block: tuple[str, ...]
    side: int


FAMILIES = (
    Family(
        "mobilenet_v2",
        "MobileNetV2",
        re.compile(r"mobilenet_?v2\D.*?(?P<alpha>\d\.\d+)_(?P<side>\d+)"),
        ("block_16_", "Conv_1"),
        96,
    ),
    Family(
        "efficientnet_v2_b0",
        "EfficientNetV2B0",
        re.compile(r"efficientnet_?v2-?_?b0(?:_(?P<side>\d+))?"),
        ("block6h_", "top_conv"),
        128,
    ),
    Family("vgg16", "VGG16", re.compile(r"vgg_?16(?:_(?P<side>\d+))?"), ("block5_conv",), 150),
)
"""What can be read. EfficientNetV2B0 and VGG16 take photos of any size, and their files say none: 128 pixels are a
third of the area of EfficientNet's training; 150 are those of Chollet (2017), section 5.3, for VGG16."""


@dataclass(frozen=True)
class Weights:
    """A file of weights, and what they are weights of.

    Args:
        family: Name of one of `FAMILIES`.
        alpha: Width of a MobileNetV2; 1 for others.
        side: Pixels of a side of the photos it takes.
        path: The file.
    """

    family: str
    alpha: float
    side: int
    path: Path

    @property
    def words(self) -> str:
        """As in a sentence: "MobileNetV2 0.35"."""
        words = next(one.words for one in FAMILIES if one.name == self.family)
        return f"{words} {self.alpha:g}" if self.family == "mobilenet_v2" else words


AUTOMATIC = Weights("mobilenet_v2", 0.35, 96, Path(KERAS_FILE.format(alpha=0.35, side=96)))
"""What is looked for without being asked: the smallest, which two cores run over 1,000 photos in a second."""


def find_weights(asked: str) -> Weights | None:
    """The weights that are asked for, or those that Keras keeps.

    Args:
        asked: A path, `NETWORK:PATH`, `"none"`, or empty where nobody asked.

    Returns:
        The weights; None where none are wanted, or nobody asked and none are there.

    Raises:
        OptionError: No such file, a file that is none of weights, or a name that says no network known here.
    """
    if asked == NO_WEIGHTS:
        return None
    if not asked:
        kept = models_folder() / AUTOMATIC.path
        return Weights(AUTOMATIC.family, AUTOMATIC.alpha, AUTOMATIC.side, kept) if kept.is_file() else None
    named, _, rest = asked.rpartition(":")
    is_prefix = _recognised(named) is not None
    path = Path(rest if is_prefix else asked)
    _check_file(path)
    found = _recognised(named if is_prefix else path.name)
    if found is None:
        raise OptionError(
            "unknown_weights",
            f"The name of `{path.name}` does not say which network it holds weights of",
            expected="mobilenet_v2_ALPHA_SIDE, efficientnet_v2_b0 or vgg16 in its name",
            hint=f"--weights mobilenet_v2_0.35_96:{path}",
        )
    return Weights(*found, path)


def models_folder() -> Path:
    """Where Keras keeps weights."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "models"


def download_weights(seconds: float = SECONDS, url: str = KERAS_URL) -> Weights | None:
    """Try to get the weights that are looked for without being asked.

    Args:
        seconds: That it may take in all.
        url: Of the folder that holds the file.

    Returns:
        The weights, in Keras' own folder; None where they cannot be had.
    """
    ends, name = time.monotonic() + seconds, AUTOMATIC.path.name
    try:
        with urllib.request.urlopen(url + name, timeout=seconds) as answer:  # noqa: S310 (https, written above)
            parts = []
            while part := answer.read(2**16):
                parts.append(part)
                if time.monotonic() > ends:
                    return None
        if not b"".join(parts[:1]).startswith(SIGNATURES):
            return None
        models_folder().mkdir(parents=True, exist_ok=True)
        with writing(models_folder() / name) as temporary:
            temporary.write_bytes(b"".join(parts))
    except (OSError, ValueError):  # no network, no such host, a proxy's page, a folder that cannot be written
        return None
    return find_weights("")


def missing_sentence() -> str:
    """What to do where there are no weights."""
    return (
        f"No weights of a trained network are there, and networks start from nothing: put {KERAS_URL}{AUTOMATIC.path} "
        f"(1.9 MB; no hash of it is published) into {models_folder()}"
    )


def _recognised(name: str) -> tuple[str, float, int] | None:
    """Family, width and size of photos that a name says."""
    for family in FAMILIES:
        found = family.pattern.search(f"{name.lower()} ")
        if found is not None:
            parts = found.groupdict()
            return family.name, float(parts.get("alpha") or 1), int(parts.get("side") or family.side)
    return None


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise OptionError(
            "no_weights_file", f"There are no weights at `{path}`", expected="a file of weights, or `none` for none",
        )  # fmt: skip
    with path.open("rb") as file:
        signature = file.read(FEWEST_BYTES)
    if signature not in SIGNATURES:
        raise OptionError(
            "no_weights", f"`{path}` holds no weights",
            expected="an HDF5 or .keras file, as Keras writes them",
            received=f"a file that begins with {signature!r}",
        )  # fmt: skip
