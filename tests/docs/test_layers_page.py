"""docs/layers.md lists the 104 layer names of Keras 2.3; `python tests/docs/test_layers_page.py` writes it.

What the page says of a name is seen here: networks of all of them are trained by the engine and by `Model.fit`, saved
and loaded (tests/layers/old_names.py).
"""

import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import keras
import pytest

import tenfold.layers
from layers.old_names import NAMES_OF, NETWORKS, first_name, shown
from layers.old_sources import NAMES, source_of
from tenfold.layers.old_arguments import old_arguments_of

PAGE = Path(__file__).parents[2] / "docs" / "layers.md"
HEAD = """# Layers of every Keras

`dir(keras.layers)` of Keras 2.3 lists 104 names of layers. Each can be used today: 90 in Keras 3, the others from
`tenfold.layers`, as Keras layers that are saved and loaded like any other. Models of Keras 1 and 2 load from their
`.h5` and `.hdf5` files:

```python
import tenfold

model = tenfold.load_model("old.h5")  # also: tenfold examine old.h5 houses.csv --target price
model.summary()
model.save("new.keras")
```

```python
from tenfold.layers import Highway, LocallyConnected2D, MaxoutDense  # no longer in Keras 3
```

## What changes on the way from an old file

- Names of layers and arguments, by the table below; `lr`, `decay` of optimizers; the layout of arrays of Keras 1,
  Theano and cuDNN.
- `hard_sigmoid`, which gates the LSTM and GRU of Keras before 2.3, was `clip(x / 5 + 1 / 2, 0, 1)`; Keras 3 means
  `clip(x / 6 + 1 / 2, 0, 1)` by that name. The model keeps the old one: `tenfold.layers.hard_sigmoid_of_keras_2`.
- `GRU` applied its reset gate before the matrix product, Keras 3 after it; a file that says nothing means before.
- `Highway` starts its gate's bias at -2, as Keras 1 did; Keras 2 started it at 1 (`transform_bias=1`).
- A Sequential network inside a functional one is counted from 1 in old files, from 0 in Keras 3, which cannot read
  such a file by itself.
- Keras 3.15 cannot read back a functional network with masks that it saved as `.h5`; save such a one as `.keras`.
- Code in a file is not run. A Lambda layer takes a function of yours:
  `tenfold.load_model("old.h5", custom_objects={"lambda_1": function})`; your own classes go the same way.
  `safe_mode=False` runs the file's code, where this version of Python wrote it.
- What the optimizer had gathered (its slots) is not read: a training that goes on starts with fresh ones.
- `AveragePooling1D`, `2D` and `3D` had a `pool_size` of 2 by default; code for Keras 3 says it, files always did.
- Losses, metrics, optimizers and layers that Keras 3 does not have are named in one sentence, with what to do.

## The names

*Trains*: a training by `tenfold.fit` ends with the weights of `Model.fit`, and a gradient comes back through the layer.
*Saved*: a model with it answers the same numbers after `.keras` and after `.h5`. Both are seen each time this page is
checked, on small networks of all layers; names of one class, such as `MaxPool2D` and `MaxPooling2D`, share its state.
*Source*: where what it computes was published. `InputSpec` is no layer but
what a layer expects of its input; `Layer`, `Recurrent` and `RNN` are shown by a layer that is built on each.

"""


def layers_page(state_of: Callable[[str], tuple[str, str]]) -> str:
    """The page, with what is said of each name: whether it trains and whether it is saved."""
    lines = [HEAD + "| name | use | old arguments | trains | saved | source |", "|---|---|---|---|---|---|"]
    for name in NAMES:
        trains, saved = state_of(name)
        old = ", ".join(f"`{old}` → `{new}`" for old, new in old_arguments_of(name).items())
        lines.append(f"| {name} | `{home_of(name)}` | {old or 'none'} | {trains} | {saved} | {source_of(name)} |")
    return "\n".join(lines) + "\n"


def home_of(name: str) -> str:
    """Where a name is found today; Keras 3 comes first."""
    return f"keras.layers.{name}" if hasattr(keras.layers, name) else f"tenfold.layers.{name}"


def seen(name: str) -> tuple[str, str]:
    """Whether the layer trains and is saved: what the network showed that holds it."""
    first = first_name(name)
    found = shown(next(network for network, names in NAMES_OF.items() if first in names))
    is_still = any(path.startswith(f"before_{first}/") for path in found.still)
    return "no" if found.differs or is_still else "yes", "no" if found.changed_by else "yes"


def test_the_page_says_yes_of_every_name_as_the_networks_show():
    """That each network shows it, the test of all networks says."""
    assert PAGE.read_text(encoding="utf-8") == layers_page(lambda _: ("yes", "yes"))


def test_no_name_of_the_page_says_no():
    assert "| no |" not in PAGE.read_text(encoding="utf-8")
    assert len(NAMES) == len(set(NAMES)) == 104


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("network", NETWORKS)
def test_the_engine_trains_saves_and_loads_every_layer(network: str):
    found = shown(network)
    assert (found.differs, found.still, found.changed_by) == ((), (), ())


def test_every_name_is_in_a_network_and_where_the_page_says():
    assert {name for names in NAMES_OF.values() for name in names} == {first_name(name) for name in NAMES}
    for name in NAMES:
        home, _, _ = home_of(name).rpartition(".")
        assert hasattr(keras.layers if home == "keras.layers" else tenfold.layers, name)


if __name__ == "__main__":
    PAGE.write_text(layers_page(seen), encoding="utf-8")
