"""What floating point does to losses: where they stop telling values apart, what that costs, and what to do about it.

import tenfold

tenfold.precision.wall("float32", "binary_crossentropy").lower      # -16.118095: no confidence beyond is seen
tenfold.precision.study().save("study")                              # figures and numbers of the whole story
tenfold.precision.audit(model, x, y).clipped_share                   # what it costs a model on data
tenfold.precision.fuse(model).fit(x, y)                              # the same model, trained on logits

The names below load on first use: `wall` needs neither JAX nor Keras.
"""

from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold.precision.auditing import Audit, audit
    from tenfold.precision.fusing import fuse
    from tenfold.precision.studying import Study, study
    from tenfold.precision.walls import Wall, wall

__all__ = ["Audit", "Study", "Wall", "audit", "fuse", "study", "wall"]

_HOMES = {
    "Audit": "tenfold.precision.auditing",
    "audit": "tenfold.precision.auditing",
    "fuse": "tenfold.precision.fusing",
    "Study": "tenfold.precision.studying",
    "Wall": "tenfold.precision.walls",
    "study": "tenfold.precision.studying",
    "wall": "tenfold.precision.walls",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
