"""What the checks look at: a model, its data and its training as plain numbers, without JAX and Keras.

`tenfold.observation` fills these; a saved record can be judged again on any machine. Every part may be missing: a check
that needs a missing part stays silent and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = [
    "Contrast",
    "DataFacts",
    "Evidence",
    "HistoryFacts",
    "InputFacts",
    "KernelFacts",
    "LayerFacts",
    "LayerSigns",
    "ModelFacts",
    "OptimizerFacts",
    "OutputFacts",
    "PrecisionFacts",
    "ProbeFacts",
    "SplitFacts",
    "TargetFacts",
    "UnsafeFacts",
]


@dataclass(frozen=True)
class KernelFacts:
    """The largest weight array of a layer as it stands before training.

    Attributes:
        initializer: Keras' class name, such as `"GlorotUniform"`; empty where it is unknown.
        mean: Mean of its entries.
        std: Their standard deviation.
        unit_spread: Standard deviation between the units, entry by entry, then averaged; 0 where all units are alike.
        fan_in: Inputs of a unit.
        fan_out: Outputs of an input.
        bias_mean: Mean of the bias; 0 without one.
    """

    initializer: str
    mean: float
    std: float
    unit_spread: float
    fan_in: int
    fan_out: int
    bias_mean: float = 0.0

    @property
    def glorot_std(self) -> float:
        """What Glorot and Bengio (2010) ask for: `sqrt(2 / (fan_in + fan_out))`."""
        return float(np.sqrt(2 / max(1, self.fan_in + self.fan_out)))

    @property
    def he_std(self) -> float:
        """What He et al. (2015) ask for in front of a ReLU: `sqrt(2 / fan_in)`."""
        return float(np.sqrt(2 / max(1, self.fan_in)))


@dataclass(frozen=True)
class LayerFacts:
    """A layer of the model, in the order in which data passes.

    Attributes:
        name: Its name.
        kind: Keras' class name, such as `"Dense"`.
        activation: Name of the activation that ends it, `"linear"` without one, `""` where the kind has none.
        units: Units, filters or features of its last axis; 0 where that says nothing.
        output_shape: Shape without the row axis.
        sources: Names of the layers whose outputs it takes.
        kernel: Its weights; None without any.
        num_parameters: Trainable numbers.
        rate: Fraction that a dropout layer takes away; None for others.
        dtype: Type that it computes in, such as `"float32"`.
        is_known: Whether it is one of Keras' own or ours.
        is_trainable: Whether training changes it.
        uses_bias: Whether it has a bias.
    """

    name: str
    kind: str
    activation: str = ""
    units: int = 0
    output_shape: tuple[int | None, ...] = ()
    sources: tuple[str, ...] = ()
    kernel: KernelFacts | None = None
    num_parameters: int = 0
    rate: float | None = None
    dtype: str = "float32"
    is_known: bool = True
    is_trainable: bool = True
    uses_bias: bool = True


@dataclass(frozen=True)
class OutputFacts:
    """An output of the model with what it is trained on.

    Attributes:
        name: Keras' name of the output.
        layer: Layer that answers it.
        activations: Activations between its last weights and the answer, in order, linear ones left out.
        units: Size of its last axis.
        shape: Shape without the row axis.
        loss: Snake-case name of Keras' loss, such as `"binary_crossentropy"`; `"custom"` for a user's own; empty where
            the output has none.
        from_logits: Whether the loss reads logits.
        dtype: Type of the answer.
        metrics: Snake-case names of its metrics.
        is_fused: Whether the engine trains it on its logits.
        wall: Logits beyond which the loss is cut off in this type on the path that Keras takes, (lower, upper); None
            where there is no such wall.
    """

    name: str
    layer: str
    activations: tuple[str, ...]
    units: int
    shape: tuple[int | None, ...]
    loss: str
    from_logits: bool = False
    dtype: str = "float32"
    metrics: tuple[str, ...] = ()
    is_fused: bool = False
    wall: tuple[float, float] | None = None

    @property
    def activation(self) -> str:
        """The last activation; `"linear"` where there is none."""
        return self.activations[-1] if self.activations else "linear"


@dataclass(frozen=True)
class OptimizerFacts:
    """The optimizer and the numbers it was given.

    Attributes:
        kind: Keras' class name in lower case, such as `"adam"`.
        learning_rate: At the first step.
        default_learning_rate: Keras' default for this kind; None for a kind that is not Keras' own.
        is_scheduled: Whether the rate follows a schedule.
        momentum: Of SGD or RMSprop; 0 without.
        clips: Whether gradients are clipped.
        weight_decay: Fraction of the weights taken away a step, 0 without.
    """

    kind: str
    learning_rate: float
    default_learning_rate: float | None = None
    is_scheduled: bool = False
    momentum: float = 0.0
    clips: bool = False
    weight_decay: float = 0.0


@dataclass(frozen=True)
class UnsafeFacts:
    """An operation of the user's own code that can leave the finite numbers.

    Attributes:
        operation: Its name, such as `"log"`.
        place: File, line and function, as far as they are known.
        trouble: What happens, as a phrase.
        advice: What to write instead, as a phrase.
        confirmed: Whether an input in range was found for which it does happen.
    """

    operation: str
    place: str
    trouble: str
    advice: str
    confirmed: bool


@dataclass(frozen=True)
class ModelFacts:
    """A compiled model.

    Attributes:
        layers: Its layers in the order in which data passes, nested models taken apart.
        outputs: Its outputs in order.
        optimizer: Its optimizer.
        num_parameters: Trainable numbers.
        misfit: What keeps the outputs from fitting the targets, as the engine says it; empty where they fit.
        metric_misfit: What keeps the metrics from reading outputs and targets, as Keras says it; empty where they do.
        unsafe: Unsafe operations in the user's own losses and layers.
        has_own_training: Whether the model replaces Keras' training step.
    """

    layers: tuple[LayerFacts, ...]
    outputs: tuple[OutputFacts, ...]
    optimizer: OptimizerFacts
    num_parameters: int
    misfit: str = ""
    metric_misfit: str = ""
    unsafe: tuple[UnsafeFacts, ...] = ()
    has_own_training: bool = False

    def layer(self, name: str) -> LayerFacts | None:
        """A layer by its name."""
        return next((layer for layer in self.layers if layer.name == name), None)


@dataclass(frozen=True)
class InputFacts:
    """One input array.

    Attributes:
        name: Name of the input.
        kind: `"table"` (two axes), `"image"` (four), `"sequence"` (three), `"tokens"` (whole numbers that an embedding
            reads) or `"other"`.
        shape: Shape without the row axis.
        minimum, maximum, mean, std: Over all finite entries.
        means, stds: For each feature: column of a table, channel of others.
        num_missing: Entries that are NaN.
        num_infinite: Entries that are infinite.
        constant: Positions of features that never change (tables only).
        twins: Pairs of positions of features that are equal in every row (tables only).
        is_scaled_inside: Whether the model's first layers put the scale right: `Normalization`, `Rescaling`,
            `BatchNormalization`.
        vocabulary: Rows of the smallest embedding that reads it; 0 where none does.
        num_unknown: Entries that are no row of that embedding: below 0, or at `vocabulary` and above.
        num_cut: Entries with a fraction, which an embedding cuts off.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    minimum: float
    maximum: float
    mean: float
    std: float
    means: tuple[float, ...] = ()
    stds: tuple[float, ...] = ()
    num_missing: int = 0
    num_infinite: int = 0
    constant: tuple[int, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()
    is_scaled_inside: bool = False
    vocabulary: int = 0
    num_unknown: int = 0
    num_cut: int = 0


@dataclass(frozen=True)
class TargetFacts:
    """One target array.

    Attributes:
        name: Name of the output it belongs to.
        kind: `"two classes"`, `"classes"` (class numbers), `"one-hot"`, `"multi-label"`, `"number"`, `"numbers"`
            (several for a row), `"distribution"` (rows that add up to one) or `"sequence"`.
        shape: Shape without the row axis.
        values: The distinct values in order, at most 50; empty where there are more.
        counts: Rows of each class (classes and one-hot), else empty.
        minimum, maximum, mean, std: Over all finite entries.
        num_missing: Entries that are NaN or infinite.
        are_whole: Whether all entries are whole numbers.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    values: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    minimum: float = 0.0
    maximum: float = 0.0
    mean: float = 0.0
    std: float = 0.0
    num_missing: int = 0
    are_whole: bool = False

    @property
    def is_classes(self) -> bool:
        """Whether a row belongs to one of several classes."""
        return self.kind in ("two classes", "classes", "one-hot")


@dataclass(frozen=True)
class SplitFacts:
    """Training rows beside validation rows, as the user's `fit` has them.

    Attributes:
        num_train: Training rows.
        num_validation: Validation rows.
        is_given: Whether the user gave validation rows; else the last rows stand for them in the probe.
        repeated_share: Fraction of the validation rows whose inputs stand among the training rows as well.
        scale_ratio: The largest ratio between the two of a feature's standard deviation or of its size, 1 or more.
        shift: The largest distance between the two means of a feature, in standard deviations of the training rows.
        outside: Fraction of an input's validation entries below or above all that its training rows hold; the largest.
        told_apart: ROC AUC, 0.5 to 1, of telling validation rows from training rows out of fold; None where unmeasured.
        missing_classes: Classes of the validation rows that no training row has.
        class_distance: Total variation distance between the two distributions of classes, 0 to 1; None without classes.
    """

    num_train: int
    num_validation: int
    is_given: bool
    repeated_share: float = 0.0
    scale_ratio: float = 1.0
    shift: float = 0.0
    outside: float = 0.0
    told_apart: float | None = None
    missing_classes: tuple[float, ...] = ()
    class_distance: float | None = None


@dataclass(frozen=True)
class DataFacts:
    """Inputs and targets as the user's `fit` gets them.

    Attributes:
        num_rows: Training rows.
        inputs: The inputs.
        targets: The targets, in the order of the outputs.
        split: Training rows beside validation rows.
        measures: What was measured on the data without a network, by name. A name that is missing was not measured.

            - `learnable`: score of a quick model on rows it was not fitted on: 0 for what guessing reaches, 1 for
              perfect (share of the guess's error taken away).
            - `learnable_train`: the same on its own rows.
            - `learnable_linear`: the score of a linear model on rows it was not fitted on.
            - `learnable_shuffled`: what one in a hundred random orders of the targets reaches by chance.
            - `learnable_shifted`, `best_shift`: the score with the targets moved by the likeliest number of rows
              against the inputs, and that number. Only where nothing can be learnt as the rows stand.
            - `best_feature`, `best_feature_score`: the single feature that tells the target best, and how well (ROC AUC
              for two classes, else the absolute correlation of ranks); tables only.
            - `best_feature_within`, `second_feature_within`, `learnable_without`: where it tells nearly all, the share
              of its variance that the target leaves over, the same for the feature that comes next, and what is
              learnable from all others.
            - `num_runs`, `runs_z`: number of runs of equal labels, and its z score by the Wald-Wolfowitz test.
            - `tail_classes_missing`: classes that never occur among the last fifth of the rows.
            - `rows_in_order`: absolute rank correlation of the targets with the number of the row.
            - `neighbours_in_order`: correlation of neighbouring rows' targets, as in a series.
            - `steps_one_way`: fraction of the steps from row to row that go the commoner way; 1: sorted.
            - `rows_are_windows`: 1 where neighbouring rows are overlapping windows of one series.
            - `doubtful_labels`: fraction of rows whose label a confident answer out of fold contradicts.
            - `doubtful_among_surest`: the same among the third of the rows that are answered most surely.
            - `repeated_rows`, `conflicting_rows`: fractions of rows whose inputs repeat another row's, and of those
              that answer otherwise than most of these.
    """

    num_rows: int
    inputs: tuple[InputFacts, ...]
    targets: tuple[TargetFacts, ...]
    split: SplitFacts | None = None
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerSigns:
    """What a layer shows on the probe rows, at one moment or over several; arrays have axes `(seed, moment)`.

    Attributes:
        name: The layer.
        dead: Fraction of units whose answer is (nearly) zero for all rows.
        saturated: Fraction of the entries before a sigmoid or tanh that lie beyond 5 in size.
        spread: Standard deviation of its answers.
        gradient: Euclidean norm of its weights' gradient; NaN without weights.
        weights: Euclidean norm of its weights; NaN without.
        update: Norm of the change of its weights by one step over the norm of the weights; NaN without.
    """

    name: str
    dead: np.ndarray
    saturated: np.ndarray
    spread: np.ndarray
    gradient: np.ndarray
    weights: np.ndarray
    update: np.ndarray


@dataclass(frozen=True)
class Contrast:
    """One way of training the network, beside the others; all over the same seeds and steps.

    Attributes:
        name: `"as it is"`, `"rate x 0.1"`, `"rate x 10"`, `"scaled inputs"`, `"shuffled targets"`, `"longer"`, ...
        loss: Training loss, axes `(seed, epoch)`; NaN after the loss stopped being finite.
        validation_loss: Loss on rows not trained on, same axes.
        error: Error on the training rows at the end, for each seed: fraction of wrong classes, or the mean squared
            error over the variance of the target. 1 and more: no better than guessing (for numbers).
        validation_error: The same on rows not trained on.
        is_finite: Whether the loss stayed finite, for each seed.
    """

    name: str
    loss: np.ndarray
    validation_loss: np.ndarray
    error: np.ndarray
    validation_error: np.ndarray
    is_finite: np.ndarray


@dataclass(frozen=True)
class ProbeFacts:
    """What the probe trainings showed.

    Attributes:
        epochs: Epochs of the ordinary probe.
        steps_an_epoch: Its steps in each.
        covers: The probe's training steps over those of the user's own `fit`; 1 where it is the whole.
        num_rows: Rows it was trained on.
        signs: Layers with signs, in the order of the model, at the start (moment 0) and after each sampled epoch.
        contrasts: The ways of training, by name; `"as it is"` is always there.
        start_loss: Loss before training, for each seed, without regularisation.
        guess_loss: Loss of the best constant answer.
        guess_error: Error of the best constant answer, as in `Contrast.error`.
        batch_loss: Loss on one small batch, before and after training on it alone, for each seed: axes `(seed, 2)`.
        batch_error: Its error after, for each seed.
        constant_answers: Whether the trained network answers the same for every row, for each seed.
        recall: Recall of each class on rows not trained on, mean over seeds; empty without classes.
        clipped_share: Fraction of the rows whose loss is cut off on the path that Keras takes, after the probe.
    """

    epochs: int
    steps_an_epoch: int
    covers: float
    num_rows: int
    signs: tuple[LayerSigns, ...]
    contrasts: Mapping[str, Contrast]
    start_loss: np.ndarray
    guess_loss: float
    guess_error: float
    batch_loss: np.ndarray
    batch_error: np.ndarray
    constant_answers: np.ndarray
    recall: tuple[float, ...] = ()
    clipped_share: float | None = None

    def contrast(self, name: str) -> Contrast | None:
        """A way of training by its name; None where it was not tried."""
        return self.contrasts.get(name)

    @property
    def as_it_is(self) -> Contrast:
        """The user's own training."""
        return self.contrasts["as it is"]


@dataclass(frozen=True)
class PrecisionFacts:
    """What floating point costs a step of this model; measured where own code or 16-bit layers make it doubtful.

    Attributes:
        loss_error: Relative error of one step's loss against float64; None where it could not be measured.
        gradient_error: The same of its gradients, as norms.
        underflow: Fraction of the gradient entries that are 0 in float16 and not in float32; None without float16.
        overflow: Fraction that is not finite in float16; None without float16.
        scales_loss: Whether the optimizer scales the loss.
    """

    loss_error: float | None = None
    gradient_error: float | None = None
    underflow: float | None = None
    overflow: float | None = None
    scales_loss: bool = False


@dataclass(frozen=True)
class HistoryFacts:
    """What a training logged, its members side by side.

    Attributes:
        logs: Keras' logs by name, axes `(member, epoch)`; NaN after a member stopped.
        epochs_asked: Epochs that were asked for.
        outcomes: How each member ended: `"ran"`, `"stopped_early"`, `"nonfinite_loss"`.
        keeps_best: Whether a callback restores the weights of the best epoch.
    """

    logs: Mapping[str, np.ndarray]
    epochs_asked: int
    outcomes: tuple[str, ...] = ()
    keeps_best: bool = False


@dataclass(frozen=True)
class Evidence:
    """All that the checks may look at.

    Attributes:
        model: The model.
        data: The data.
        probe: The probe trainings.
        history: The user's own training, or the probe's where it covers the user's.
        epochs: Epochs of the user's own `fit`.
        batch_size: Rows of a step there.
        shuffles: Whether rows are shuffled there.
        precision: What floating point costs.
        extra: What else is known: `not_probed`, why there is no probe.
    """

    model: ModelFacts | None = None
    data: DataFacts | None = None
    probe: ProbeFacts | None = None
    history: HistoryFacts | None = None
    epochs: int = 1
    batch_size: int = 32
    shuffles: bool = True
    precision: PrecisionFacts | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
