"""Layers that Keras lacks, as ordinary Keras layers: of tables, texts, photos and series.

Saved models that hold them load in safe mode after `import tenfold.layers`: the layers are registered with Keras.
"""

from tenfold.layers.mirrored import BothViews, CaffeColours, EitherView, MeanOfViews, MirrorImage
from tenfold.layers.photo import RandomLight, RandomMirror, RandomShift
from tenfold.layers.series import QuantileSteps
from tenfold.layers.table import (
    CodeEmbedding,
    HeadAdapter,
    HeadMean,
    PairProducts,
    ParametricActivation,
    PeriodicEmbedding,
    PiecewiseLinearEmbedding,
    ScaledDense,
    ScalingLayer,
)
from tenfold.layers.text import BagDense, GroupMax, WordPooling

__all__ = [
    "BagDense",
    "BothViews",
    "CaffeColours",
    "CodeEmbedding",
    "EitherView",
    "GroupMax",
    "HeadAdapter",
    "HeadMean",
    "MeanOfViews",
    "MirrorImage",
    "PairProducts",
    "ParametricActivation",
    "PeriodicEmbedding",
    "PiecewiseLinearEmbedding",
    "QuantileSteps",
    "RandomLight",
    "RandomMirror",
    "RandomShift",
    "ScaledDense",
    "ScalingLayer",
    "WordPooling",
]
