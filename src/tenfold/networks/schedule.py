"""A learning rate that falls and rises in four cycles, as RealMLP trains."""

import math
from typing import Any

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["CosineCycles"]


@register_keras_serializable("tenfold")
class CosineCycles(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras is not annotated
    """Four cosine cycles, each twice as long as the one before, from 0 up to the learning rate and down to 0 again.

    rate(t) = rate / 2 * (1 - cos(2 pi log2(1 + 15 t))) with t = step / steps. After the last step it is 0.

    Source: "coslog4" of Holzmueller, Grinsztajn and Steinwart (2024), "Better by Default" (RealMLP).

    Args:
        initial_learning_rate: The largest rate, in the middle of each cycle.
        decay_steps: Steps of the whole training.
    """

    def __init__(self, initial_learning_rate: float, decay_steps: int) -> None:
        super().__init__()
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step, counted from 0."""
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        share = ops.minimum(ops.cast(step, rate.dtype) / ops.cast(self.decay_steps, rate.dtype), 1.0)
        return 0.5 * rate * (1 - ops.cos(2 * math.pi * ops.log2(1 + 15 * share)))

    def get_config(self) -> dict[str, Any]:
        """What the schedule is rebuilt from."""
        return {"initial_learning_rate": self.initial_learning_rate, "decay_steps": self.decay_steps}
