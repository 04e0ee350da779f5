"""Real data sets by name, for lessons, examples and benchmarks.

import tenfold

houses = tenfold.datasets.load("boston_housing")
houses.frame                                         # the table
houses.path, houses.target                           # what `tenfold run` takes
(texts, labels), test = tenfold.datasets.load("imdb").train, tenfold.datasets.load("imdb").test
tenfold.datasets.names()                             # all of them

Files are taken from the folder that `TENFOLD_DATA` names, then from what Keras has downloaded before, then from their
original source, where a licence permits it and the hash of the file is known.
"""

from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold.datasets.data_set import DataSet
    from tenfold.datasets.loading import load, names

__all__ = ["DataSet", "load", "names"]

_HOMES = {
    "DataSet": "tenfold.datasets.data_set",
    "load": "tenfold.datasets.loading",
    "names": "tenfold.datasets.loading",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
