"""Parts of a model whose configuration says all that they do: Keras' own, and this package's.

Only of such parts is it known that they treat rows one by one and that equal configurations compute alike. A layer of
the user's own may do anything.
"""

__all__ = ["is_known", "is_known_configuration"]

_MODULES = (
    "keras.src.", "tenfold.layers", "tenfold.networks.inner_loss", "tenfold.networks.pinball",
    "tenfold.networks.schedule", "tenfold.networks.training_loss",
)  # fmt: skip


def is_known(module: str) -> bool:
    """Whether a class or function of this module is such a part.

    >>> is_known("keras.src.layers.core.dense"), is_known("tenfold.layers"), is_known("__main__")
    (True, True, False)
    """
    return module.startswith(_MODULES)


def is_known_configuration(module: str) -> bool:
    """The same for a module as configurations spell it: Keras' own stand under `keras`.

    >>> is_known_configuration("keras.layers"), is_known_configuration("keras_of_mine")
    (True, False)
    """
    return module.split(".", maxsplit=1)[0] == "keras" or is_known(module)
