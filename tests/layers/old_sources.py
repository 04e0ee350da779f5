"""The 104 names of `dir(keras.layers)` in Keras 2.3, and where what each computes was published."""

NAMES = [
    "Activation", "ActivityRegularization", "Add", "AlphaDropout", "AtrousConvolution1D", "AtrousConvolution2D",
    "Average", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "AvgPool1D", "AvgPool2D", "AvgPool3D",
    "BatchNormalization", "Bidirectional", "Concatenate", "Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D",
    "Conv3DTranspose", "ConvLSTM2D", "ConvLSTM2DCell", "ConvRecurrent2D", "Convolution1D", "Convolution2D",
    "Convolution3D", "Cropping1D", "Cropping2D", "Cropping3D", "CuDNNGRU", "CuDNNLSTM", "Deconvolution2D",
    "Deconvolution3D", "Dense", "DepthwiseConv2D", "Dot", "Dropout", "ELU", "Embedding", "Flatten", "GRU",
    "GRUCell", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
    "GlobalAveragePooling3D", "GlobalAvgPool1D", "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool1D",
    "GlobalMaxPool2D", "GlobalMaxPool3D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D",
    "Highway", "Input", "InputLayer", "InputSpec", "LSTM", "LSTMCell", "Lambda", "Layer", "LeakyReLU",
    "LocallyConnected1D", "LocallyConnected2D", "Masking", "MaxPool1D", "MaxPool2D", "MaxPool3D", "MaxPooling1D",
    "MaxPooling2D", "MaxPooling3D", "Maximum", "MaxoutDense", "Minimum", "Multiply", "PReLU", "Permute", "RNN",
    "ReLU", "Recurrent", "RepeatVector", "Reshape", "SeparableConv1D", "SeparableConv2D", "SimpleRNN",
    "SimpleRNNCell", "Softmax", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "StackedRNNCells",
    "Subtract", "ThresholdedReLU", "TimeDistributed", "UpSampling1D", "UpSampling2D", "UpSampling3D",
    "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
]  # fmt: skip

KERAS = "Keras 2.3.1, `keras/layers/{}.py`"

_BY_START = [
    ("ActivityRegularization", KERAS.format("core")),
    ("AlphaDropout", "Klambauer and others (2017)"),
    ("Atrous", "Yu and Koltun (2016)"),
    ("AveragePooling", "LeCun and others (1998)"),
    ("AvgPool", "LeCun and others (1998)"),
    ("BatchNormalization", "Ioffe and Szegedy (2015)"),
    ("Bidirectional", "Schuster and Paliwal (1997)"),
    ("ConvLSTM", "Shi and others (2015)"),
    ("ConvRecurrent", "Shi and others (2015)"),
    ("CuDNN", "Chetlur and others (2014); cuDNN reference, `cudnnRNNMode_t`"),
    ("Deconvolution", "Zeiler and others (2010)"),
    ("Conv2DTranspose", "Zeiler and others (2010)"),
    ("Conv3DTranspose", "Zeiler and others (2010)"),
    ("Conv", "LeCun and others (1998)"),
    ("DepthwiseConv2D", "Chollet (2017)"),
    ("SeparableConv", "Chollet (2017)"),
    ("Dense", "Rumelhart, Hinton and Williams (1986)"),
    ("Dropout", "Srivastava and others (2014)"),
    ("ELU", "Clevert, Unterthiner and Hochreiter (2016)"),
    ("Embedding", "Bengio and others (2003)"),
    ("GRU", "Cho and others (2014)"),
    ("GaussianDropout", "Srivastava and others (2014), section 10"),
    ("GaussianNoise", "Bishop (1995)"),
    ("GlobalAv", "Lin, Chen and Yan (2014)"),
    ("GlobalMax", "Lin, Chen and Yan (2014), with the largest number"),
    ("Highway", "Srivastava, Greff and Schmidhuber (2015)"),
    ("LSTM", "Hochreiter and Schmidhuber (1997); Gers and others (2000)"),
    ("LeakyReLU", "Maas, Hannun and Ng (2013)"),
    ("LocallyConnected", "LeCun (1989)"),
    ("MaxPool", "Riesenhuber and Poggio (1999)"),
    ("MaxoutDense", "Goodfellow and others (2013)"),
    ("PReLU", "He and others (2015)"),
    ("ReLU", "Nair and Hinton (2010)"),
    ("SimpleRNN", "Elman (1990)"),
    ("Softmax", "Bridle (1990)"),
    ("SpatialDropout", "Tompson and others (2015)"),
    ("ThresholdedReLU", "Konda, Memisevic and Krueger (2015)"),
    ("UpSampling", KERAS.format("convolutional")),
    ("Cropping", KERAS.format("convolutional")),
    ("ZeroPadding", KERAS.format("convolutional")),
    ("Recurrent", "Keras 2.0.4, `keras/layers/recurrent.py`"),
    ("RNN", KERAS.format("recurrent")),
    ("StackedRNNCells", KERAS.format("recurrent")),
    ("TimeDistributed", KERAS.format("wrappers")),
]
_BY_NAME = {
    **dict.fromkeys(["Input", "InputLayer"], "Keras 2.3.1, `keras/engine/input_layer.py`"),
    **dict.fromkeys(["Layer", "InputSpec"], "Keras 2.3.1, `keras/engine/base_layer.py`"),
    **dict.fromkeys(
        ["Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"], KERAS.format("merge")
    ),
}


def source_of(name: str) -> str:
    """Where what a layer computes was published; Keras' own file where nobody else did."""
    of_start = (source for start, source in _BY_START if name.startswith(start))
    return _BY_NAME.get(name) or next(of_start, KERAS.format("core"))
