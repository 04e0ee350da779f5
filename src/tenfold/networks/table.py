"""Networks for tables as ordinary compiled Keras models: dense layers of growing size, and RealMLP.

The ladder begins with no hidden layer at all, which is linear or logistic regression trained by gradient descent: if
that is best, the workflow says so. Layers have stable names (`hidden_1`, `dropout_1`, `output`), so that the engine can
trace `dropout_1.rate` or `hidden_1.kernel_regularizer.l2` as settings that differ between members of one program.
Models take a dict of arrays (`inputs`, and where they use them `ranks` and `codes`). Targets of a single output have
the shape (row, 1): Keras' metrics want the shape of the output.

A column of very many levels (users, books) enters three times: as a number for each level, as the product of the
levels' vectors (both go straight to the output, which is matrix factorisation), and as vectors beside the other inputs.

Sources: widths that double and a clipped gradient follow the plain network in Gorishniy, Kotelnikov and Babenko (2024),
"TabM"; the other recipe is RealMLP (`recipes.py`); Koren, Bell and Volinsky (2009), "Matrix Factorization Techniques".
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from tenfold.layers import (
    BagDense,
    CodeEmbedding,
    HeadAdapter,
    HeadMean,
    PairProducts,
    ParametricActivation,
    PeriodicEmbedding,
    PiecewiseLinearEmbedding,
    QuantileSteps,
    ScaledDense,
    ScalingLayer,
)
from tenfold.networks.fine_tuning import read_tuned
from tenfold.networks.inner_loss import inner_metric
from tenfold.networks.ladder import InputShape, Rung
from tenfold.networks.pinball import QUANTILES, pinball_loss, pinball_metric
from tenfold.networks.reading import read_words
from tenfold.networks.recipes import Regularisation, default_regularisation
from tenfold.networks.remembering import read_window
from tenfold.networks.schedule import CosineCycles
from tenfold.networks.seeing import read_features, read_photos
from tenfold.networks.training_loss import training_loss
from tenfold.problem.definition import Problem

__all__ = ["average_network", "table_network", "with_linear_layer"]

CLIP_NORM = 1.0
"""Gradients of plain networks longer than this are shortened. Source: TabM's default."""

BETA_2 = 0.95
"""How slowly RealMLP's second moments change. Source: RealMLP-TD."""

PIECES, CURVES = 24, 8
"""Linear pieces of a curve, and curves of a number at most. TabM: 48 and 16; half of both costs a quarter."""

MOST_CURVES = 192
"""Curves of all numbers together: of many numbers each has fewer, at least two (arbitrary; 24 numbers have all)."""

CODE_UNITS = 8
"""Length of a level's vector. Source: RealMLP-TD."""

TERM_GAIN = 3.0
"""Factor of the weights of terms: with 1, a linear network needs 200 epochs at a learning rate of 0.001 to fit 2,500
film reviews; with 10, two hidden layers of 16 overfit them in their first epoch, too soon to stop at the best."""

NEVER_DECAYED = ("bias", "scale", "slope")
"""Weights with one of these words in their name start where they mean nothing, not at 0: they are not decayed."""


def table_network(
    shape: InputShape, problem: Problem, rung: Rung, held: Regularisation | None = None, *, num_steps: int = 1
) -> Callable[[], keras.Model]:
    """A function that builds a compiled network for a table.

    Args:
        shape: What the table offers.
        problem: Decides the last layer, the loss and the metric that inner folds choose by.
        rung: The architecture.
        held: Learning rate and what to build in. A part above zero belongs to the program, so that members may give it
            values of their own (zero included); a part at zero costs nothing. By default the recipe's.
        num_steps: Training steps in all, for a schedule; members may give it values of their own.

    Returns:
        A function without arguments, as the engine and `cross_validate` take it. The model takes a dict of arrays with
        the names that `rung.arrays(shape)` says.
    """
    regularisation = held or default_regularisation(rung, problem)

    def build() -> keras.Model:
        sizes = {
            "inputs": shape.num_inputs,
            "ranks": shape.num_ranks,
            "codes": len(shape.code_sizes),
            "terms": None,
            "weights": None,
            "tokens": shape.texts.length,
            "start": problem.num_outputs,
        }
        axes = {"history": shape.window, "photos": shape.photo, "features": shape.features}
        inputs = {
            name: keras.Input(axes.get(name) or (sizes[name],), name=name, dtype=_dtype(name))
            for name in rung.arrays(shape)
        }
        parts = _Parts(problem, rung, regularisation)
        outputs = parts.answer(inputs, shape)
        model = keras.Model(inputs, outputs, name="table")
        loss = training_loss(problem, rung.heads, regularisation.label_smoothing)
        metric = inner_metric(problem, rung.heads)
        if rung.has_quantiles:
            loss, metric = pinball_loss(), pinball_metric(problem)
        model.compile(parts.optimizer(num_steps), loss=loss, metrics=[metric])
        return model

    return build


def _dtype(name: str) -> str:
    if name == "photos":
        return "uint8"
    return "int32" if name in {"codes", "terms", "tokens"} else keras.config.floatx()


class _Parts:
    """The parts of one network.

    Args:
        problem: Decides the last layer.
        rung: The architecture.
        held: What is built in.
    """

    def __init__(self, problem: Problem, rung: Rung, held: Regularisation) -> None:
        self.problem, self.rung, self.held = problem, rung, held
        self.is_realmlp = rung.recipe == "realmlp"

    def answer(self, inputs: dict[str, Any], shape: InputShape) -> Any:
        """From the inputs to the outputs."""
        columns = [inputs["inputs"]] if "inputs" in inputs else []
        if "ranks" in inputs:
            columns.append(self._numbers(inputs["ranks"]))
        straight = []
        if "codes" in inputs:
            vectors = self._codes("code_vectors", shape, CODE_UNITS * self._num_products, self.held.code_vector_l2)
            vectors = vectors(inputs["codes"])
            columns.append(keras.layers.Flatten(name="code_columns")(vectors))
            straight = self._straight(inputs["codes"], vectors, shape)
        if "tokens" in inputs:
            columns.append(read_words(inputs["tokens"], shape, self.rung, self.held.dropout))
        if self.rung.is_tuned:
            columns.append(read_tuned(inputs["photos"], shape.trained, self.held.dropout))
        elif "photos" in inputs:
            columns.append(read_photos(inputs["photos"], self.rung, self.held.dropout))
        if "features" in inputs:
            columns.append(read_features(inputs["features"], self.held.dropout))
        if "history" in inputs:
            columns.append(read_window(inputs["history"], self.rung.reader, self.held.dropout))
        bag = (inputs["terms"], inputs["weights"]) if "terms" in inputs else None
        if bag and not self.rung.widths:
            straight.append(self._bag(bag, shape, self.problem.num_outputs, "output"))
        if "start" in inputs:
            straight.append(inputs["start"])
        columns = columns[0] if len(columns) == 1 else keras.layers.Concatenate(name="columns")(columns)
        return self._output(self._trunk(columns, bag, shape), straight)

    def optimizer(self, num_steps: int) -> keras.optimizers.Optimizer:
        """RealMLP's Adam on its schedule, or Adam at a constant rate."""
        rate, decay = self.held.learning_rate, self.held.weight_decay
        if self.rung.is_tuned:
            return keras.optimizers.RMSprop(keras.optimizers.schedules.CosineDecay(rate, num_steps))
        if self.is_realmlp:
            made = keras.optimizers.AdamW(CosineCycles(rate, num_steps), weight_decay=decay, beta_2=BETA_2)
        elif decay:
            made = keras.optimizers.AdamW(rate, weight_decay=decay, global_clipnorm=CLIP_NORM)
        else:
            return keras.optimizers.Adam(rate, global_clipnorm=CLIP_NORM)
        made.exclude_from_weight_decay(var_names=list(NEVER_DECAYED))
        return made

    @property
    def _num_products(self) -> int:
        """Outputs that have products of vectors of their own."""
        return self.problem.num_outputs

    def _numbers(self, ranks: Any) -> Any:
        if self.rung.numbers == "piecewise":
            curves = max(2, min(CURVES, MOST_CURVES // ranks.shape[-1]))
            return PiecewiseLinearEmbedding(PIECES, curves, name="curves")(ranks)
        centred = keras.layers.Rescaling(2.0, -1.0, name="centred_ranks")(ranks)  # then the quartile range is 1
        return PeriodicEmbedding(learning_rate_factor=0.1 if self.is_realmlp else 1.0, name="waves")(centred)

    def _codes(self, name: str, shape: InputShape, units: int, penalty: float) -> keras.layers.Layer:
        return CodeEmbedding(shape.code_sizes, units, None, _penalty(penalty), name=name)

    def _straight(self, codes: Any, vectors: Any, shape: InputShape) -> list[Any]:
        """What codes add to the output without a hidden layer: a number a level, and products of vectors."""
        numbers = CodeEmbedding(
            shape.code_sizes, self.problem.num_outputs, "zeros", _penalty(self.held.code_bias_l2), name="code_biases"
        )(codes)
        added = [keras.layers.GlobalAveragePooling1D(name="code_levels")(numbers)]
        if len(shape.code_sizes) > 1:
            added.append(PairProducts(self._num_products, name="code_products")(vectors))
        return added

    def _bag(self, bag: tuple[Any, Any], shape: InputShape, units: int, name: str) -> Any:
        """The part of a dense layer that belongs to the terms of texts."""
        return BagDense(shape.texts.num_terms, units, TERM_GAIN, name=f"{name}_terms")(list(bag))

    def _trunk(self, columns: Any, bag: tuple[Any, Any] | None, shape: InputShape) -> Any:
        hidden = ScalingLayer(name="front_scale")(columns) if self.is_realmlp else columns
        if self.rung.heads > 1:
            hidden = HeadAdapter(self.rung.heads, name="heads")(hidden)
        for number, width in enumerate(self.rung.widths, start=1):
            name = f"hidden_{number}"
            if bag and number == 1:
                terms = self._bag(bag, shape, width, name)
                hidden = keras.layers.Add(name=f"{name}_with_terms")([self._dense(width, name, None)(hidden), terms])
                if not self.is_realmlp:
                    hidden = keras.layers.Activation(self.rung.activation, name=f"{name}_activation")(hidden)
            else:
                hidden = self._dense(width, name, self.rung.activation)(hidden)
            if self.is_realmlp:
                activation = "mish" if self.problem.last_layer.loss == "mse" else "selu"
                hidden = ParametricActivation(activation, name=f"activation_{number}")(hidden)
            if self.held.dropout:
                hidden = keras.layers.Dropout(self.held.dropout, name=f"dropout_{number}")(hidden)
        return hidden

    def _dense(self, units: int, name: str, activation: str | None) -> keras.layers.Layer:
        if self.is_realmlp:
            return ScaledDense(units, name=name)
        penalty = _penalty(self.held.l2, self.held.l1)
        return keras.layers.Dense(units, activation, kernel_regularizer=penalty, name=name)

    def _output(self, hidden: Any, straight: Sequence[Any]) -> Any:
        units, activation = self.problem.num_outputs, self.problem.last_layer.activation
        if self.rung.heads > 1:
            return self._heads(hidden, straight)
        if self.rung.has_quantiles:
            return self._quantiles(hidden, straight)
        if not straight and not self.is_realmlp:
            return self._dense(units, "output", activation)(hidden)
        output = self._dense(units, "output", None)
        if self.rung.starts_linear and not self.is_realmlp:
            output.kernel_initializer = keras.initializers.get("zeros")
        output = output(hidden)
        if straight:
            output = keras.layers.Add(name="with_codes")([output, *straight])
        return keras.layers.Activation(activation, name="answer")(output) if activation else output

    def _quantiles(self, hidden: Any, straight: Sequence[Any]) -> Any:
        """Low, middle and high number of each target; what goes straight to the output is added to the middle."""
        output = self._dense(len(QUANTILES) * self.problem.num_outputs, "output", None)
        if self.rung.starts_linear:
            output.kernel_initializer = keras.initializers.get("zeros")
        added = [keras.layers.Add(name="straight")(list(straight))] if len(straight) > 1 else list(straight)
        return QuantileSteps(name="quantiles")([output(hidden), *added] if added else output(hidden))

    def _heads(self, hidden: Any, straight: Sequence[Any]) -> Any:
        """A last layer for each head, without penalties: a penalty on all heads would weigh on each by their number."""
        units, activation = self.problem.num_outputs, self.problem.last_layer.activation
        shape = (self.rung.heads, units)
        answers = keras.layers.EinsumDense("rhi,hio->rho", shape, bias_axes="ho", name="output")(hidden)
        if straight:
            alike = [keras.layers.Reshape((1, units), name=f"{one.name}_of_heads")(one) for one in straight]
            answers = keras.layers.Add(name="with_codes")([answers, *alike])
        if activation:
            answers = keras.layers.Activation(activation, name="head_answers")(answers)
        return HeadMean(name="answer")(answers)


def _penalty(l2: float, l1: float | None = None) -> keras.regularizers.Regularizer | None:
    if l1 is not None:
        return keras.regularizers.L1L2(l1, l2)
    return keras.regularizers.L2(l2) if l2 else None


def average_network(members: Sequence[keras.Model]) -> keras.Model:
    """One network that answers with the mean of several.

    Args:
        members: At least one trained network; all take the same inputs.

    Returns:
        A Keras model that holds copies of them side by side, without optimizers. It takes a dict of arrays as they do.
    """
    inputs = {one.name: keras.Input(one.shape[1:], name=one.name, dtype=one.dtype) for one in members[0].inputs}
    copies = [_copy(member, f"member_{number}") for number, member in enumerate(members, start=1)]
    answers = [copy(inputs) for copy in copies]
    outputs = keras.layers.Average(name="average")(answers) if len(answers) > 1 else answers[0]
    return keras.Model(inputs, outputs, name=f"average_of_{len(members)}")


def with_linear_layer(network: keras.Model, kernel: Any, bias: Any, num_terms: int) -> keras.Model:
    """A network that starts from a linear model, with that model as layers in place of its answers.

    Args:
        network: Takes the linear model's answers as `start`; another is returned as it is.
        kernel: `(column, output)`: a line for each term of texts, then for each input.
        bias: `(output,)`.
        num_terms: Lines that belong to terms.

    Returns:
        A Keras model that takes a dict of arrays without `start`.
    """
    if "start" not in {one.name for one in network.inputs}:
        return network
    inputs = {one.name: keras.Input(one.shape[1:], name=one.name, dtype=one.dtype) for one in network.inputs}
    del inputs["start"]
    needed: dict[str, tuple[int | None, str | None]] = {"inputs": (len(kernel) - num_terms, None)}
    needed |= {"terms": (None, "int32"), "weights": (None, None)} if num_terms else {}
    for name, (size, dtype) in needed.items():
        inputs.setdefault(name, keras.Input((size,), name=name, dtype=dtype))
    linear = keras.layers.Dense(len(bias), name="linear", trainable=False)
    start = linear(inputs["inputs"])
    linear.set_weights([kernel[num_terms:], bias])
    if num_terms:
        terms = BagDense(num_terms, len(bias), name="linear_terms", trainable=False)
        start = keras.layers.Add(name="start")([start, terms([inputs["terms"], inputs["weights"]])])
        terms.set_weights([kernel[:num_terms]])
    outputs = network({**{one.name: inputs[one.name] for one in network.inputs if one.name != "start"}, "start": start})
    return keras.Model(inputs, outputs, name=network.name)


def _copy(member: keras.Model, name: str) -> keras.Model:
    copy = keras.models.clone_model(member)
    copy.set_weights(member.get_weights())
    copy.name = name
    return copy
