"""What the page carries: the same numbers, and not too many of them."""

import base64
import zlib
from dataclasses import replace

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.explaining.packing import pack
from traced_models import MODELS

NAMES = [make.__name__ for make in MODELS]


def unpacked(packed):
    """As the page's script does it: arrays in double precision first, then those in single."""
    raw, at, found = zlib.decompress(base64.b64decode(packed.block)), 0, {}
    for size in (8, 4):
        for one in packed.data["quantities"]:
            if one.get("bytes") != size:
                continue
            axis, places = one.get("part", (None, ()))
            shape = [len(places) if place == axis else axes for place, axes in enumerate(one["shape"])]
            count = int(np.prod(shape))
            found[one["id"]] = np.frombuffer(raw, f"<f{size}", count, at).reshape(shape)
            at += count * size
    assert at == len(raw)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_small_models_keep_every_number_in_double_precision(worksheets, name):
    sheet = worksheets[name]
    packed = pack(sheet)
    assert (packed.is_single, packed.is_partial) == (False, False)
    for key, values in unpacked(packed).items():
        np.testing.assert_array_equal(values, sheet.quantities[key].values)


def test_what_needs_no_sum_is_left_to_the_page(worksheets):
    sheet = worksheets["house_prices"]
    kept = unpacked(pack(sheet))
    layer = sheet.trace.layers[0].name
    assert {f"{layer}.W", f"{layer}.z", f"{layer}.delta"} <= set(kept)
    assert not {f"{layer}.g_W", f"{layer}.new_W", f"{layer}.v_W", f"{layer}.root_W"} & set(kept)


def test_the_largest_arrays_go_to_single_precision_first(worksheets):
    sheet = worksheets["digits"]
    whole = len(pack(sheet, budget=None).block)
    packed = pack(sheet, budget=int(whole * 0.8))
    assert packed.is_single
    assert len(packed.block) <= whole * 0.8
    for key, values in unpacked(packed).items():
        np.testing.assert_allclose(values, sheet.quantities[key].values, rtol=1e-6)


def test_of_weights_that_are_too_large_the_moved_units_are_kept(worksheets):
    sheet = worksheets["house_prices"]
    layer = sheet.trace.layers[0].name
    rows = np.random.default_rng(0)
    wide = dict(sheet.quantities)
    slopes = np.zeros((13, 400))
    slopes[:, [7, 300]] = 1
    wide[f"{layer}.W"] = replace(wide[f"{layer}.W"], values=rows.normal(size=(13, 400)))
    wide[f"{layer}.g_W"] = replace(wide[f"{layer}.g_W"], values=slopes)
    packed = pack(replace(sheet, quantities=wide), budget=9_000)
    assert packed.is_partial
    (entry,) = [one for one in packed.data["quantities"] if one["id"] == f"{layer}.W"]
    axis, places = entry["part"]
    assert (axis, len(places)) == (1, 32)
    assert {7, 300} <= set(places)
    np.testing.assert_allclose(unpacked(packed)[f"{layer}.W"], wide[f"{layer}.W"].values[:, places], rtol=1e-6)


def test_a_row_that_is_too_large_itself_is_refused(worksheets):
    sheet = worksheets["house_prices"]
    large = dict(sheet.quantities)
    large["input.x"] = replace(large["input.x"], values=np.random.default_rng(0).normal(size=200_000))
    with pytest.raises(OptionError, match=r"The page of this row would have 1 MB. .* write it with --full"):
        pack(replace(sheet, quantities=large), budget=300_000)
    assert not pack(replace(sheet, quantities=large), budget=None).is_partial
