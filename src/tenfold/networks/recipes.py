"""How architectures are trained: learning rates, what holds them back, epochs and batch sizes.

Two recipes. *plain*: dense ReLU layers under AdamW at a constant rate, stopped early. *realmlp*: the network and the
training of RealMLP-TD as ordinary Keras layers and a learning-rate schedule; it is never stopped early, because the
schedule needs its end, but the weights of the best epoch are kept. Left out of RealMLP: starts that depend on data, and
courses of dropout and decay over the epochs (constant). Label smoothing is tried where the search is wide only:
candidates are compared by their log loss, which smoothing as a rule makes worse.

Sources: Holzmueller, Grinsztajn and Steinwart (2024), "Better by Default" (RealMLP-TD); Gorishniy, Kotelnikov and
Babenko (2024), "TabM", for plain networks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenfold.networks.ladder import RecipeName, Rung
from tenfold.problem.definition import Problem

__all__ = [
    "RANGES", "SCHEDULE_LENGTH", "Recipe", "Regularisation", "choose_recipe", "default_regularisation", "usual_ranges",
    "wide_ranges",
]  # fmt: skip

LEARNING_RATE = 1e-3
"""Adam's default. Source: Kingma and Ba (2015); Keras."""

BATCH_SIZES = ((2_800, 32), (4_500, 64), (6_400, 128), (32_000, 256), (108_000, 512))
"""Rows up to which a batch size is used; 1,024 above. Source: the rule of TabM (Gorishniy et al. 2024)."""

EMBEDDED_BATCH = 64
"""Rows of a batch at least where numbers are embedded: on boston 64 was about as good as 32 (MAE 2.1 to 2.2 beside 2.0
to 2.2), and a step of a wide network costs little more for twice the rows."""

EPOCHS = ((1_000, 150), (3_000, 100), (50_000, 80))
"""Rows up to which so many epochs are trained at most; 40 above (arbitrary; most members stop before). On california
(16,512 working rows, three inner folds) 80 epochs had a mean absolute error of 31,200 where 40 had 32,500."""

PATIENCE = 16
"""Epochs without improvement before a member stops, at most a fifth of all epochs. Source: TabM's default."""

TEXT_EPOCHS, TEXT_PATIENCE, TEXT_BATCH = 40, 4, 64
"""Of networks that read texts. A bag of 20,000 terms overfits within a few epochs: on 2,500 film reviews hidden layers
of 16 and 16 were best after 3 epochs of batches of 32, one of 64 with half of it silenced after 4."""

PHOTO_EPOCHS = ((300, 120), (1_000, 60), (5_000, 24), (20_000, 12))
"""Photos up to which so many epochs are trained at most, 6 above; augmented ones, which never come twice, half as many
more (arbitrary: what two cores do in minutes)."""

PHOTO_PATIENCE_SHARE = 3
"""One over the share of the epochs that a network of photos may go without getting better."""

PHOTO_BATCHES = ((1_000, 16), (20_000, 32))
"""Photos up to which a batch is so large, 64 above. Source: small batches do best on few photos in the tuned study of
Brigato and others (2022), "Image classification with small datasets" (they found 10)."""

PHOTO = {"dropout": 0.2, "weight_decay": 0.01, "learning_rate": 2e-3}
"""What an augmented convnet is held back by."""

BASE = {"dropout": 0.3, "weight_decay": 0.01, "learning_rate": 1e-3}
"""What a head on a frozen base is held back by."""

BASE_RANGES = {"dropout": (0.0, 0.5), "weight_decay": (1e-4, 0.3), "learning_rate": (3e-4, 1e-2)}
"""Where its trials are drawn from: a thousand numbers a photo overfit a few hundred photos at once."""

BASE_EPOCHS, BASE_PATIENCE, BASE_BATCH = 60, 8, 32
"""Of heads: an epoch over 2,000 photos takes a fifth of a second (arbitrary)."""

TUNED_EPOCHS, TUNED_BATCH = 4, 32
"""Of a base whose last layers are trained on. The rate falls to 0 over these epochs, so that they are all taken."""

PHOTO_RANGES = {"dropout": (0.0, 0.5), "weight_decay": (1e-3, 0.1), "learning_rate": (5e-4, 5e-3)}
"""Where its trials are drawn from."""
WINDOW_EPOCHS, WINDOW_PATIENCE, WINDOW_BATCH = 20, 3, 128
"""Of networks that read windows of series. Source: the book's 20 to 40 epochs of batches of 128."""

FEW_WINDOWS, FEW_WINDOWS_EPOCHS = 2_800, 40
"""Forecasts to learn from up to which batches are those of other tables, and epochs are more (arbitrary)."""

REALMLP_BATCH_SIZES = ((2_000, 64), (8_192, 128), (30_000, 256), (100_000, 512))
"""Rows up to which a batch size is used; 1,024 above. Source: the variant of RealMLP that chooses its batch size."""

REALMLP_EPOCHS = ((2_000, 96), (10_000, 64), (30_000, 32))
"""Rows up to which so many epochs are trained; 20 above. RealMLP trains 256."""

SCHEDULE_LENGTH = "optimizer.learning_rate.decay_steps"
"""The engine's name for the steps of a schedule: members with other numbers of rows take other numbers of steps."""

RANGES: Mapping[RecipeName, Mapping[str, tuple[float, float]]] = {
    "plain": {"dropout": (0.0, 0.4), "weight_decay": (2e-3, 0.2), "learning_rate": (5e-4, 4e-3)},
    "realmlp": {"dropout": (0.0, 0.4), "weight_decay": (2e-3, 0.2), "learning_rate": (0.01, 0.3)},
}
"""Where trials are drawn from: dropout evenly, the others evenly on a logarithmic scale. Sources: TabM's and RealMLP's
search spaces, narrowed around what did well with a handful of trials on boston, pima, german credit and titanic."""

ADDITIVE_RANGES = {"weight_decay": (2e-3, 0.2), "learning_rate": (2e-3, 2e-2)}
"""The same for curves without a hidden layer, which stand far larger steps: on adult the inner loss was 0.283 at 0.003
and 0.280 at 0.01."""

PENALTY_RANGES = {"l1": (1e-7, 1e-4), "l2": (1e-7, 1e-3)}
"""Where a wide search draws penalties on weights from, on a logarithmic scale. Up to where, at the start of a 128-128
network, a penalty is about a tenth of a unit of loss; the lower half does nothing, so that "none" is tried as well
(arbitrary)."""

SMOOTHING_RANGES = {"label_smoothing": (1e-3, 0.1)}
"""The same for label smoothing. Source: TabArena's search space for RealMLP (0.005 to 0.1, or none)."""

ADDITIVE = {"weight_decay": 0.02, "learning_rate": 1e-2}
"""What curves without a hidden layer are held back by, and their learning rate."""

STARTED = {"dropout": 0.5, "weight_decay": 0.02, "learning_rate": 5e-4}
"""What a network that starts from a linear model is held back by: it has little to add (arbitrary)."""

STARTED_RANGES = {"dropout": (0.2, 0.7), "weight_decay": (2e-3, 0.2), "learning_rate": (1e-4, 2e-3)}
"""Where its trials are drawn from."""

EMBEDDED = {"dropout": 0.2, "weight_decay": 0.02, "learning_rate": 1e-3}
"""What a plain network with embeddings of its numbers is held back by. It is too large to be left free: on boston the
mean absolute error was 2.03 with these, 2.12 with half the dropout and half the width, 2.29 with boosted trees."""


@dataclass(frozen=True)
class Regularisation:
    """What holds a network back from overfitting, and its learning rate; the defaults leave a plain network free.

    Args:
        dropout: Share of the units of each hidden layer that are silenced in training, 0 to below 1.
        l2: Strength of the squared penalty on the weights of each dense layer, in units of the loss.
        learning_rate: Adam's step size; of a schedule, the largest.
        weight_decay: Share of each weight that is taken away a step, in units of the learning rate; biases, scales and
            slopes keep theirs.
        code_bias_l2: Squared penalty on the number of each level of a code column.
        code_vector_l2: The same for its vector.
        l1: Strength of the absolute penalty on the same weights as `l2`; None leaves it out of the program.
        label_smoothing: Share of each target that is spread evenly over all classes in the loss, 0 to below 1; None
            leaves it out of the program.
    """

    dropout: float = 0.0
    l2: float = 0.0
    learning_rate: float = LEARNING_RATE
    weight_decay: float = 0.0
    code_bias_l2: float = 1e-5
    code_vector_l2: float = 5e-4
    l1: float | None = None
    label_smoothing: float | None = None

    def settings(self, rung: Rung, *, has_codes: bool = False) -> dict[str, float]:
        """The same as the engine's settings, for a network in which each of these numbers is above zero.

        Args:
            rung: The network's architecture.
            has_codes: Whether it takes codes.
        """
        if rung.is_tuned:
            return {"optimizer.learning_rate": self.learning_rate, "reading_dropout.rate": self.dropout}
        numbers = range(1, len(rung.widths) + 1)
        layers = [*(f"hidden_{number}" for number in numbers), *(["output"] if rung.heads == 1 else [])]
        codes = {"code_biases": self.code_bias_l2, "code_vectors": self.code_vector_l2} if has_codes else {}
        strengths = {"l1": self.l1, "l2": self.l2} if rung.recipe == "plain" else {}
        penalties = {
            f"{layer}.kernel_regularizer.{name}": strength
            for layer in layers
            for name, strength in strengths.items()
            if strength is not None
        }
        return {
            "optimizer.learning_rate": self.learning_rate,
            "optimizer.weight_decay": self.weight_decay,
            **{f"dropout_{number}.rate": self.dropout for number in numbers},
            **({"reading_dropout.rate": self.dropout} if rung.filters or rung.base else {}),
            **penalties,
            **{f"{layer}.embeddings_regularizer.l2": penalty for layer, penalty in codes.items()},
            **({} if self.label_smoothing is None else {"loss.label_smoothing": self.label_smoothing}),
        }

    @property
    def in_use(self) -> "Regularisation":
        """The same with something above zero everywhere, for a program whose members bring values of their own."""
        wide = {"l1": self.l1, "label_smoothing": self.label_smoothing}
        return replace(
            self,
            dropout=self.dropout or 0.1,
            l2=self.l2 or 1e-4,
            weight_decay=self.weight_decay or 1e-3,
            **{name: value or 1e-3 for name, value in wide.items() if value is not None},
        )


def default_regularisation(rung: Rung, problem: Problem) -> Regularisation:
    """What an architecture is held back by before anything is tried: a plain network of plain numbers by nothing.

    RealMLP without hidden layers is for codes: a learning rate that falls to 0 brings the many numbers and vectors,
    each seen in a few rows, to rest. On goodbooks (95,487 ratings, a tenth held out, mean of five inner folds' members)
    their root mean squared error was 0.861 with it and 0.862 to 0.863 at a constant rate; damped means reach 0.862.

    Args:
        rung: The architecture.
        problem: RealMLP learns numbers faster than classes.
    """
    if rung.base:
        return Regularisation(**BASE)
    if rung.filters:
        return Regularisation(**PHOTO) if rung.augmented else Regularisation()
    if rung.starts_linear:
        return Regularisation(**STARTED)
    if rung.recipe == "plain":
        embedded = ADDITIVE if rung.is_additive else EMBEDDED
        return Regularisation() if rung.numbers == "plain" else Regularisation(**embedded)
    if not rung.widths:
        return Regularisation(learning_rate=0.02, weight_decay=2e-3)
    learns_numbers = problem.last_layer.loss == "mse"
    return Regularisation(dropout=0.15, learning_rate=0.2 if learns_numbers else 0.04, weight_decay=0.02)


def usual_ranges(rung: Rung) -> Mapping[str, tuple[float, float]]:
    """What every search draws on an architecture."""
    if rung.base:
        return BASE_RANGES
    if rung.filters:
        return PHOTO_RANGES
    if rung.starts_linear:
        return STARTED_RANGES
    return ADDITIVE_RANGES if rung.is_additive else RANGES[rung.recipe]


def wide_ranges(rung: Rung, problem: Problem) -> Mapping[str, tuple[float, float]]:
    """What a wide search draws beside the usual ranges.

    Args:
        rung: The architecture: RealMLP has no penalties, its weights are of unit variance whatever the layer.
        problem: Labels are smoothed where there are classes or labels.
    """
    penalties = PENALTY_RANGES if rung.recipe == "plain" else {}
    has_labels = problem.has_classes or problem.kind == "several_labels"
    return {**penalties, **(SMOOTHING_RANGES if has_labels else {})}


@dataclass(frozen=True)
class Recipe:
    """How long and in what portions members train.

    Args:
        epochs: At most.
        patience: Epochs without a better inner loss before a member stops.
        batch_size: Rows of a training step.
    """

    epochs: int
    patience: int
    batch_size: int

    def num_steps(self, num_rows: int) -> int:
        """Steps that a member with so many training rows takes in all its epochs."""
        return self.epochs * -(-num_rows // self.batch_size)


def choose_recipe(rung: Rung, num_rows: int, *, has_texts: bool = False, has_windows: bool = False) -> Recipe:
    """The recipe of an architecture for an amount of training rows.

    Args:
        rung: The architecture.
        num_rows: Training rows.
        has_texts: Whether it reads texts.
        has_windows: Whether it reads windows of series.

    >>> choose_recipe(Rung((64, 64)), 400)
    Recipe(epochs=150, patience=16, batch_size=32)
    >>> choose_recipe(Rung((64, 64), "piecewise"), 400).batch_size
    64
    >>> choose_recipe(Rung((64, 64), "piecewise", batches=2.0), 400).batch_size
    128
    >>> choose_recipe(Rung((64, 64), recipe="realmlp"), 400)
    Recipe(epochs=96, patience=96, batch_size=64)
    """
    recipe = _usual_recipe(rung, num_rows)
    if has_texts and rung.recipe == "plain":
        recipe = Recipe(TEXT_EPOCHS, TEXT_PATIENCE, max(recipe.batch_size, TEXT_BATCH))
    if has_windows and rung.recipe == "plain":
        epochs = WINDOW_EPOCHS if num_rows > FEW_WINDOWS else FEW_WINDOWS_EPOCHS
        recipe = Recipe(epochs, WINDOW_PATIENCE, WINDOW_BATCH if num_rows > FEW_WINDOWS else recipe.batch_size)
    return replace(recipe, batch_size=max(1, round(recipe.batch_size * rung.batches)))


def _usual_recipe(rung: Rung, num_rows: int) -> Recipe:
    if rung.is_tuned:
        return Recipe(TUNED_EPOCHS, TUNED_EPOCHS, TUNED_BATCH)
    if rung.base:
        return Recipe(BASE_EPOCHS, BASE_PATIENCE, BASE_BATCH)
    if rung.filters:
        epochs = _at(PHOTO_EPOCHS, num_rows, 6)
        epochs += epochs // 2 * rung.augmented
        return Recipe(epochs, max(3, epochs // PHOTO_PATIENCE_SHARE), _at(PHOTO_BATCHES, num_rows, 64))
    if rung.recipe == "realmlp":
        epochs = _at(REALMLP_EPOCHS, num_rows, 20)
        return Recipe(epochs, epochs, _at(REALMLP_BATCH_SIZES, num_rows, 1_024))
    epochs, batch_size = _at(EPOCHS, num_rows, 40), _at(BATCH_SIZES, num_rows, 1_024)
    is_embedded = rung.numbers != "plain"
    return Recipe(epochs, min(PATIENCE, epochs // 5), max(batch_size, EMBEDDED_BATCH) if is_embedded else batch_size)


def _at(table: tuple[tuple[int, int], ...], num_rows: int, above: int) -> int:
    return next((value for rows, value in table if num_rows <= rows), above)
