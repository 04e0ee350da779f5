"""Keras models that answer probabilities and train on logits, in Keras' own `fit` as in `tenfold.fit`.

    import tenfold.precision.fused_models            # registers the two classes
    model = keras.models.load_model("fused.keras")   # what `tenfold.precision.fuse` made, saved

The rule of both classes: an output whose last layer ends with a sigmoid or softmax is handed to a loss that says
`from_logits=True` as logits, and to everyone else (`predict`, metrics, callbacks, other losses) as probabilities. It
works where Keras joins forward pass and loss, `compute_loss_and_updates` of its JAX trainer; so these models need
Keras on JAX and refuse another backend.
"""

from typing import Any, no_type_check

import keras
from keras.saving import register_keras_serializable

from tenfold.engine.losses import find_heads, heads_on_logits, probabilities
from tenfold.engine.network import require_jax

__all__ = ["FusedModel", "FusedSequential"]


@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class _TrainsOnLogits:
    """What `FusedSequential` and `FusedModel` add to Keras' own classes."""

    hands_logits_to_losses = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        require_jax()
        super().__init__(*args, **kwargs)

    def compute_loss_and_updates(self, *args: Any, **kwargs: Any) -> Any:
        """Keras' forward pass and loss, with logits for the losses that ask for them."""
        heads = find_heads(self)
        with heads_on_logits(heads):
            loss, (unscaled, outputs, *updates) = super().compute_loss_and_updates(*args, **kwargs)  # type: ignore[misc]
        return loss, (unscaled, probabilities(outputs, heads), *updates)


@register_keras_serializable("tenfold")
@no_type_check
class FusedSequential(_TrainsOnLogits, keras.Sequential):  # type: ignore[misc]  # Keras is not annotated
    """A `keras.Sequential` that trains on logits and answers probabilities."""


@register_keras_serializable("tenfold")
@no_type_check
class FusedModel(_TrainsOnLogits, keras.src.models.functional.Functional):  # type: ignore[misc]
    """A functional `keras.Model` that trains on logits and answers probabilities."""
