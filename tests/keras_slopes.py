"""What JAX says of a Keras model: outputs and slopes, for random weights and a random projection above."""

import numpy as np


def randomised(model, seed: int = 1):
    """All weights drawn anew: zeros would hide errors; variances stay above 0."""
    draw = np.random.default_rng(seed)
    for variable in model.weights:
        values = draw.normal(scale=0.7, size=variable.shape)
        variable.assign(np.abs(values) + 0.5 if "variance" in variable.path else values)
    return model


def keras_gradients(model, inputs, projection, *, training=False):
    """Outputs, and the slopes of the projected outputs by the inputs and by each trained weight."""
    import jax
    import jax.numpy as jnp

    fixed = [variable.value for variable in model.non_trainable_variables]

    def projected(trained, rows):
        outputs, _ = model.stateless_call(trained, fixed, rows, training=training)
        return (outputs * projection).sum(), outputs

    trained = [variable.value for variable in model.trainable_variables]
    by_both = jax.grad(projected, argnums=(0, 1), has_aux=True)
    (by_weight, by_input), outputs = by_both(trained, jnp.asarray(inputs))
    return np.asarray(outputs), [np.asarray(one) for one in by_weight], np.asarray(by_input)
