"""What a frozen base makes of all photos, once, before heads are trained on it (`networks.bases`).

The numbers of a photo do not depend on any other photo, so that all folds share them and nothing leaks.
"""

from dataclasses import replace
from hashlib import file_digest

import numpy as np

from tenfold.lookup import Lookup
from tenfold.nested.rows import NestedRows
from tenfold.networks.bases import load_base, photo_numbers
from tenfold.networks.pretrained import Weights
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["with_frozen_base"]

FEATURES = "features"
"""Name of the networks' input."""


def with_frozen_base(nested: NestedRows, weights: Weights, *, kept: Stages = NOWHERE) -> NestedRows:
    """The same folds, with the base and what it makes of every photo.

    Args:
        nested: Folds and rows, with photos.
        weights: Of the base.
        kept: Finished stages: numbers that are there are read.

    Raises:
        OptionError: The file holds weights of another network.
    """
    photos = nested.table.lookups["photos"]
    base = load_base(weights, photos.shape[1:])
    with weights.path.open("rb") as file:
        about = [weights.words, file_digest(file, "sha256").hexdigest(), str(photos.source.shape)]
    name = f"numbers of {weights.words}"
    found = kept.read(name, about)
    if found is None:
        found = {FEATURES: photo_numbers(base, np.asarray(photos.source))}
        kept.write(name, about, found)
    lookups = {**nested.table.lookups, FEATURES: Lookup(found[FEATURES], photos.places)}
    return replace(nested, table=replace(nested.table, lookups=lookups), base=base)
