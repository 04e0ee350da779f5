"""Convolutions by the names of Keras 1: ordinary Keras layers that take their old arguments too.

    AtrousConvolution2D(32, 3, 3, atrous_rate=(2, 2), border_mode="same")    # Conv2D(32, (3, 3), dilation_rate=(2, 2))
    Deconvolution2D(16, 3, 3, subsample=(2, 2))                              # Conv2DTranspose(16, (3, 3), strides=2)

Source: `keras/legacy/layers.py` and `keras/legacy/interfaces.py` of Keras 2.3.1.
"""

from typing import Any, no_type_check

import keras
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names

__all__ = ["AtrousConvolution1D", "AtrousConvolution2D", "Deconvolution2D", "Deconvolution3D"]


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class AtrousConvolution1D(keras.layers.Conv1D):  # type: ignore[misc]  # Keras is not annotated
    """`keras.layers.Conv1D` with holes: `atrous_rate` is its `dilation_rate`.

    Args:
        *args: As `Conv1D` takes them.
        **kwargs: As `Conv1D` takes them, or by the names of Keras 1.
    """

    @takes_old_names("AtrousConvolution1D")
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@register_keras_serializable("tenfold")
@no_type_check
class AtrousConvolution2D(keras.layers.Conv2D):  # type: ignore[misc]
    """`keras.layers.Conv2D` with holes: `atrous_rate` is its `dilation_rate`.

    Args:
        *args: As `Conv2D` takes them, or filters, rows and columns of the kernel as numbers.
        **kwargs: As `Conv2D` takes them, or by the names of Keras 1.
    """

    @takes_old_names("AtrousConvolution2D")
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@register_keras_serializable("tenfold")
@no_type_check
class Deconvolution2D(keras.layers.Conv2DTranspose):  # type: ignore[misc]
    """`keras.layers.Conv2DTranspose` by its name of Keras 1.

    Args:
        *args: As `Conv2DTranspose` takes them, or filters, rows and columns of the kernel as numbers.
        output_shape: Ignored, as in Keras 2: the shape follows from the others.
        **kwargs: As `Conv2DTranspose` takes them, or by the names of Keras 1.
    """

    @takes_old_names("Deconvolution2D")
    def __init__(self, *args: Any, output_shape: Any = None, **kwargs: Any) -> None:
        del output_shape
        super().__init__(*args, **kwargs)


@register_keras_serializable("tenfold")
@no_type_check
class Deconvolution3D(keras.layers.Conv3DTranspose):  # type: ignore[misc]
    """`keras.layers.Conv3DTranspose` by its name of Keras 1.

    Args:
        *args: As `Conv3DTranspose` takes them, or filters and the three sizes of the kernel as numbers.
        output_shape: Ignored, as in Keras 2: the shape follows from the others.
        **kwargs: As `Conv3DTranspose` takes them, or by the names of Keras 1.
    """

    @takes_old_names("Deconvolution3D")
    def __init__(self, *args: Any, output_shape: Any = None, **kwargs: Any) -> None:
        del output_shape
        super().__init__(*args, **kwargs)
