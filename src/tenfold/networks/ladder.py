"""Architectures for tables, smallest first: plain data, so that a budget is chosen before Keras is loaded."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float

from tenfold.prepare.laid_texts import TextSizes

__all__ = [
    "LADDER", "PHOTO_LADDER", "Activation", "InputShape", "Numbers", "Reader", "RecipeName", "Rung",
    "choose_contenders",
]  # fmt: skip

Numbers: TypeAlias = Literal["plain", "piecewise", "periodic"]
"""How numbers enter: as they are, through learnt curves, or through waves; always beside the scaled number itself."""

RecipeName: TypeAlias = Literal["plain", "realmlp"]
"""How a network is built and trained: dense layers under AdamW that stop early, or as RealMLP."""

Activation: TypeAlias = Literal["relu", "silu"]
"""Of the hidden layers of a plain network, Keras' name; RealMLP has its own."""


Vectors: TypeAlias = Literal["none", "given", "given and trained"]
"""Of words: trained from the start, given by a file and kept, or given and trained on."""

TextReader: TypeAlias = Literal["average", "conv", "conv_gru", "gru", "lstm"]
WindowReader: TypeAlias = Literal[
    "window", "window_conv", "window_gru", "window_conv_gru", "window_stacked", "window_both"
]
Reader: TypeAlias = Literal["bag"] | TextReader | WindowReader
"""How texts enter: as a bag of terms, or word by word through layers that see their order; and how windows do."""

READERS: dict[Reader, str] = {
    "bag": "bag of terms",
    "average": "mean of word vectors",
    "conv": "convolutions over words",
    "conv_gru": "convolution and GRU over words",
    "gru": "GRU in both directions",
    "lstm": "LSTM in both directions",
    "window": "dense over the window",
    "window_conv": "convolutions over the window",
    "window_gru": "GRU over the window",
    "window_conv_gru": "convolution and GRU over the window",
    "window_stacked": "two GRUs over the window",
    "window_both": "GRU in both directions over the window",
}

NO_TEXTS = TextSizes()


@dataclass(frozen=True)
class InputShape:
    """What a table offers to a network.

    Args:
        num_inputs: Prepared inputs.
        num_ranks: Numbers of which the rank among the training rows is known.
        code_sizes: Codes of each column of very many levels, the unknown one included.
        texts: What texts offer: bags of terms, and sequences of words.
        photo: Height, width and channels of photos; empty without.
        window: Steps and channels of the windows of a series; empty without.
        base: A trained network that photos are read by, in words; empty without.
        features: Views of a photo, and numbers that the base makes of each.
        has_start: Whether a linear model's answers are there to start from.
        vectors: Where embeddings of words start, a line a code; None where each starts at random.
        trained: The base itself, a Keras model, for networks that train on its last layers.
    """

    num_inputs: int
    num_ranks: int = 0
    code_sizes: tuple[int, ...] = ()
    texts: TextSizes = NO_TEXTS
    photo: tuple[int, ...] = ()
    window: tuple[int, ...] = ()
    base: str = ""
    features: tuple[int, ...] = ()
    has_start: bool = False
    vectors: Float[np.ndarray, "token entry"] | None = field(default=None, compare=False, repr=False)
    trained: Any = field(default=None, compare=False, repr=False)

    @property
    def reads_texts(self) -> bool:
        """Whether texts say anything: some of their words stand in two training texts, or have a vector."""
        return self.texts.num_terms > 0 or self.vectors is not None


@dataclass(frozen=True)
class Rung:
    """An architecture of the ladder.

    Args:
        widths: Units of each hidden layer; empty for a linear network.
        numbers: How numbers enter.
        recipe: How it is built and trained.
        heads: Heads that share all but their first factors and their last weights, each trained by itself (TabM-mini).
        activation: Of its hidden layers.
        batches: How large its batches are beside the recipe's: 0.5, 1 or 2 times.
        reader: How texts are read; a bag of terms is a part of the inputs, all others read words in their order.
        starts_linear: Whether it adds to a linear model's answer, so that before its first step it is that model.
        filters: Of each stage of convolutions that photos pass; empty for a network that takes none.
        residual: Whether these stages are residual blocks.
        separable: Whether they are blocks of depthwise separable convolutions, beside a way straight through.
        augmented: Whether photos are mirrored, shifted and lit otherwise in training.
        has_quantiles: Whether it answers with a low, a middle and a high number for each target.
        vectors: Whether its words start from vectors that others trained, and whether they are trained on.
        base: The trained network, in words, whose numbers it takes in place of photos; it stays as it is.
        is_tuned: Whether the base's last layers are trained on, at small steps; then it takes the photos.
    """

    widths: tuple[int, ...]
    numbers: Numbers = "plain"
    recipe: RecipeName = "plain"
    heads: int = 1
    activation: Activation = "relu"
    batches: float = 1.0
    reader: Reader = "bag"
    starts_linear: bool = False
    filters: tuple[int, ...] = ()
    residual: bool = False
    separable: bool = False
    augmented: bool = False
    has_quantiles: bool = False
    vectors: Vectors = "none"
    base: str = ""
    is_tuned: bool = False

    @property
    def is_additive(self) -> bool:
        """Whether it is a sum of a curve for each number, with no hidden layer that mixes them."""
        return not self.widths and self.recipe == "plain" and self.numbers != "plain"

    @property
    def label(self) -> str:
        """As shown: "64-64", "linear" or "128-128-128 realmlp, periodic"."""
        if not self.widths and self.recipe == "realmlp":  # offered where there are codes only
            return "matrix factorisation"
        width = self._sizes
        parts = {
            self.numbers: self.numbers != "plain",
            f"{self.heads} heads": self.heads > 1,
            self.activation: self.activation != "relu",
            f"batches x {self.batches:g}": self.batches != 1,
            READERS[self.reader]: self.reader != "bag",
            f"{self.vectors} vectors": self.vectors != "none",
            "from linear": self.starts_linear,
            "augmented": self.augmented,
            "quantiles": self.has_quantiles,
        }
        recipe = "" if self.recipe == "plain" else f" {self.recipe}"
        return ", ".join([f"{width}{recipe}", *(part for part, is_shown in parts.items() if is_shown)])

    @property
    def _sizes(self) -> str:
        """Filters and units, "convnet 16-32-64" or "64-64"."""
        width = "-".join(map(str, self.widths))
        if self.base:
            return f"{'fine-tuned' if self.is_tuned else 'frozen'} {self.base} + {width or 'head'}"
        if self.filters:
            kind = "separable net" if self.separable else "residual net" if self.residual else "convnet"
            net = f"{kind} {'-'.join(map(str, self.filters))}"
            return f"{net} + {width}" if width else net
        return width or ("additive" if self.is_additive else "linear")

    @property
    def words(self) -> str:
        """As in a sentence: "width 64-64", "convnet 16-32-64"."""
        return self.label if self.filters or self.base else f"width {self.label}"

    def arrays(self, shape: InputShape) -> tuple[str, ...]:
        """Names of the arrays that its network takes, of `inputs`, `ranks` and `codes`.

        >>> Rung((8,), numbers="periodic").arrays(InputShape(5, num_ranks=3))
        ('inputs', 'ranks')
        """
        takes_ranks = self.numbers != "plain" and shape.num_ranks > 0
        takes_bag = self.reader == "bag" and shape.texts.num_terms > 0
        offered = {
            "inputs": shape.num_inputs > 0,
            "ranks": takes_ranks,
            "codes": bool(shape.code_sizes),
            "terms": takes_bag,
            "weights": takes_bag,
            "tokens": self.reader in get_args(TextReader),
            "history": self.reader in get_args(WindowReader),
            "start": self.starts_linear and shape.has_start,
            "photos": bool((self.filters or self.is_tuned) and shape.photo),
            "features": bool(self.base and shape.features and not self.is_tuned),
        }
        return tuple(name for name, is_taken in offered.items() if is_taken)


LADDER = (Rung(()), Rung((8,)), Rung((16, 16)), Rung((32, 32)), Rung((64, 64)), Rung((128, 128)), Rung((256, 256)))
"""Smallest first."""

CONTENDERS = (
    Rung((128, 128), "piecewise"),
    Rung((), "piecewise"),
    Rung((128, 128), "periodic"),
    Rung((128, 128)),
    Rung((64, 64, 64), "piecewise", activation="silu"),
    Rung((256, 256), "piecewise", batches=2.0),
    Rung((64,), "periodic", activation="silu", batches=0.5),
    Rung((128, 128), "piecewise", heads=8),
    Rung((128, 128, 128), "periodic", "realmlp"),
)
"""What is worth most for its time first. On boston, german credit, pima, titanic and sonar wide networks of curves or
waves were best or within a fold's spread of the best. Curves without a hidden layer are an additive model: on adult its
ROC AUC was 0.928, that of 128-128 0.923 (one hold-out), and it trains in a tenth of the time. The next three differ in
several choices at once (width, depth, activation, batch size), because each is a program of its own: what is worth more
trials is then left to the search. Heads and RealMLP did as well in two to five times the time."""


TEXT_CONTENDERS = (
    Rung((16,), starts_linear=True),
    Rung((32,)),
    Rung((32,), reader="average"),
    Rung((32,), reader="conv"),
    Rung((32,), reader="conv_gru"),
    Rung((32,), reader="gru"),
    Rung((32,), reader="lstm"),
    Rung((16, 16)),
)
"""The same for texts. A network that starts from logistic regression on words comes first: nothing else reaches it
where there are fewer than 1,500 texts for each word of a text, which is nearly everywhere (Google's guide). Readers
that see the order of words follow by what they cost."""


VECTOR_CONTENDERS = (
    Rung((32,), reader="average", starts_linear=True, vectors="given"),
    Rung((32,), reader="average", starts_linear=True, vectors="given and trained"),
    Rung((16,), starts_linear=True),
    Rung((32,), reader="gru", vectors="given"),
    Rung((32,), reader="conv", vectors="given"),
    Rung((32,), reader="lstm", vectors="given and trained"),
    Rung((32,)),
    Rung((32,), reader="average"),
    Rung((16, 16)),
)
"""The same where a file gives vectors of words: what the bag knows, and what the vectors add. Vectors that are kept
come before those that are trained on, which few texts soon spoil."""


PHOTO_LADDER = (
    Rung((), filters=(16, 32)),
    Rung((), filters=(16, 32, 64)),
    Rung((), filters=(32, 64, 128)),
    Rung((), filters=(32, 64, 128, 128)),
)
"""Convnets, smallest first, of photos as they are: step 6 wants to see them overfit."""

PHOTO_CONTENDERS = (
    Rung((), filters=(16, 32, 64), augmented=True),
    Rung((), filters=(16, 32, 64), residual=True, augmented=True),
    Rung((), filters=(32, 64, 128, 128), augmented=True),
    Rung((), filters=(32, 64, 128), residual=True, augmented=True),
    Rung((), filters=(32, 64, 128), separable=True, augmented=True),
)
"""What is worth most for its time first, where photos are read."""
SERIES_CONTENDERS = (
    Rung((64,), reader="window", starts_linear=True),
    Rung((64,), reader="window_gru", starts_linear=True),
    Rung((64,), reader="window_conv_gru", starts_linear=True),
    Rung((64,), starts_linear=True),
    Rung((64,), reader="window_stacked", starts_linear=True),
    Rung((64,), reader="window_both", starts_linear=True),
    Rung((64,), reader="window_conv", starts_linear=True),
    Rung((64,), reader="window_gru"),
)
"""The same for series: all add to a ridge on lags, which few networks beat that start by themselves. On Beijing's
temperature a day ahead (windows of 168 hours, 12,000 origins, one seed, 7,000 hours held out) the absolute error was
2.21 with the ridge, 2.18 with dense layers over the window, 2.17 with convolution and GRU, 2.15 with the GRU, in 4, 29
and 50 seconds: what costs least is tried first, what is best second."""


def choose_contenders(shape: InputShape, count: int) -> tuple[Rung, ...]:
    """Architectures that are worth trials.

    Args:
        shape: What the table offers: without ranks, numbers cannot be embedded.
        count: How many at most, at least 1.

    Returns:
        What is worth most for its time first. Where there are codes, matrix factorisation comes before the others.

    >>> [rung.label for rung in choose_contenders(InputShape(20, num_ranks=20), 2)]
    ['128-128, piecewise', 'additive, piecewise']
    >>> [rung.label for rung in choose_contenders(InputShape(20), 2)]
    ['128-128', '64-64-64, silu']
    """
    if shape.photo:
        frozen = (Rung((), base=shape.base),) if shape.base else ()
        return (*frozen, *PHOTO_CONTENDERS)[:count]
    if shape.reads_texts:
        return _choose_readers(shape)[:count]
    if shape.window:
        return tuple(dict.fromkeys(replace(one, starts_linear=shape.has_start) for one in SERIES_CONTENDERS))[:count]
    factorised = [Rung((), recipe="realmlp")] if shape.code_sizes else []
    plain = [replace(rung, numbers="plain") for rung in CONTENDERS if rung.widths]
    found = factorised + (list(CONTENDERS) if shape.num_ranks else plain)
    return tuple(dict.fromkeys(found))[:count]


def _choose_readers(shape: InputShape) -> tuple[Rung, ...]:
    """What reads texts; readers that start from vectors stay where there is no linear model to start from."""
    if shape.vectors is None:
        return tuple(rung for rung in TEXT_CONTENDERS if shape.has_start or not rung.starts_linear)
    kept = [rung for rung in VECTOR_CONTENDERS if shape.has_start or rung.reader != "bag" or not rung.starts_linear]
    return tuple(dict.fromkeys(replace(rung, starts_linear=rung.starts_linear and shape.has_start) for rung in kept))
