"""Layers one after the other, and how they learn.

    network = Network((Dense("relu", weights=...), Dense(weights=...)))
    passed = network.forward(x)                       # one `Passed` for each layer
    slopes = network.backward(loss.slope(y, passed[-1].outputs), passed)
    training = Training(network, loss, optimizer).step(x, y)      # the same and one update

The chain rule is all there is to the way back: the gradient that a layer gives for its inputs is the one that the layer
before it receives for its outputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes, Weights
from tenfold.scratch.losses import AbstractLoss
from tenfold.scratch.optimizers import AbstractOptimizer

__all__ = ["Network", "Training"]


@dataclass(frozen=True, eq=False)
class Network:
    """A chain of layers.

    Args:
        layers: The layers, in the order in which data pass.
    """

    layers: tuple[AbstractLayer, ...]

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> list[Passed]:
        """All layers forward.

        Args:
            inputs: One line a row.
            training: Whether layers act as in training.

        Returns:
            What each layer leaves behind; the last one's `outputs` are the predictions.
        """
        passed: list[Passed] = []
        for layer in self.layers:
            passed.append(layer.forward(inputs, training=training))
            inputs = passed[-1].outputs
        return passed

    def predict(self, inputs: AnyNumbers) -> AnyNumbers:
        """What the network says of each row, outside training."""
        return self.forward(inputs)[-1].outputs if self.layers else inputs

    def backward(self, gradient: Numbers, passed: Sequence[Passed]) -> list[Slopes]:
        """All layers backward, the last first.

        Args:
            gradient: Derivative of the loss by the predictions.
            passed: What `forward` returned.

        Returns:
            Each layer's slopes, in the order of the layers.
        """
        slopes: list[Slopes] = []
        arriving: Numbers | None = gradient
        for layer, left in zip(reversed(self.layers), reversed(passed), strict=True):
            if arriving is None:
                break  # below a table of words nothing has a slope
            slopes.append(layer.backward(arriving, left.kept))
            arriving = slopes[-1].inputs
        untouched = [Slopes(None, {})] * (len(self.layers) - len(slopes))
        return untouched + slopes[::-1]


@dataclass(frozen=True, eq=False)
class Training:
    """A network in training: what it learns from, how, and what the optimizer remembers.

    Args:
        network: The network.
        loss: What should become small.
        optimizer: How weights move.
        slots: The optimizer's memory, by place of the layer and name of the weight.
        num_steps: Steps made so far.
    """

    network: Network
    loss: AbstractLoss
    optimizer: AbstractOptimizer
    slots: Mapping[tuple[int, str], Weights] = field(default_factory=dict)
    num_steps: int = 0

    def step(self, inputs: AnyNumbers, targets: AnyNumbers) -> "Training":
        """Forward, loss, backward and one update.

        Args:
            inputs: One line a row.
            targets: What is true of each row.

        Returns:
            The training after the step; this one stays as it is.
        """
        passed = self.network.forward(inputs, training=True)
        slopes = self.network.backward(self.loss.slope(targets, passed[-1].outputs), passed)
        network, slots = self.moved(slopes)
        layers = [layer.after(left.kept) for layer, left in zip(network.layers, passed, strict=True)]
        return replace(self, network=Network(tuple(layers)), slots=slots, num_steps=self.num_steps + 1)

    def moved(self, slopes: Sequence[Slopes]) -> tuple[Network, Mapping[tuple[int, str], Weights]]:
        """The network with all weights moved, and the optimizer's memory after it.

        Args:
            slopes: Each layer's slopes, as `Network.backward` returns them.
        """
        layers, memory = [], dict(self.slots)
        for place, (layer, found) in enumerate(zip(self.network.layers, slopes, strict=True)):
            weights = dict(layer.weights)
            for name, gradient in found.weights.items() if layer.trainable else ():
                slots = memory.get((place, name), {})
                weights[name], memory[place, name] = self.optimizer.move(weights[name], gradient, slots, self.num_steps)
            layers.append(layer.with_weights(weights))
        return Network(tuple(layers)), memory
