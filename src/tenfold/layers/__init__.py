"""Layers that Keras lacks, as ordinary Keras layers: of tables, texts, photos and series, and those it left behind.

The second kind are the layers of Keras 1 and 2 that Keras 3 no longer has; docs/layers.md lists every old name.
Saved models that hold them load in safe mode after `import tenfold.layers`: the layers are registered with Keras.
"""

from tenfold.layers.cudnn import CuDNNGRU, CuDNNLSTM
from tenfold.layers.highway import Highway
from tenfold.layers.locally_connected import LocallyConnected1D, LocallyConnected2D
from tenfold.layers.maxout import MaxoutDense
from tenfold.layers.mirrored import BothViews, CaffeColours, EitherView, MeanOfViews, MirrorImage
from tenfold.layers.old_activations import ThresholdedReLU, hard_sigmoid_of_keras_2
from tenfold.layers.old_convolutions import AtrousConvolution1D, AtrousConvolution2D, Deconvolution2D, Deconvolution3D
from tenfold.layers.old_recurrent import ConvLSTM2DCell, ConvRecurrent2D, Recurrent
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
    "AtrousConvolution1D",
    "AtrousConvolution2D",
    "BagDense",
    "BothViews",
    "CaffeColours",
    "CodeEmbedding",
    "ConvLSTM2DCell",
    "ConvRecurrent2D",
    "CuDNNGRU",
    "CuDNNLSTM",
    "Deconvolution2D",
    "Deconvolution3D",
    "EitherView",
    "GroupMax",
    "HeadAdapter",
    "HeadMean",
    "Highway",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "MaxoutDense",
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
    "Recurrent",
    "ScaledDense",
    "ScalingLayer",
    "ThresholdedReLU",
    "WordPooling",
    "hard_sigmoid_of_keras_2",
]
