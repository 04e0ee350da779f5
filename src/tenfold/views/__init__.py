"""Figures of networks and their training.

import tenfold

view = tenfold.views.learning_rates(model, x, y)    # trains a population, one program, and shows what happened
view.figure                                          # matplotlib
view.sentence                                        # what it says
view.numbers.loss                                    # what it was drawn from
tenfold.views.learning_rates().save("rates.svg")     # without a model: on data and a network of its own

The names below load on first use: `import tenfold.views` imports neither JAX nor Keras.
"""

from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold.demonstrations.dying import dying_units
    from tenfold.demonstrations.growing import capacity
    from tenfold.demonstrations.rates import learning_rates
    from tenfold.demonstrations.vanishing import gradient_by_layer
    from tenfold.views.class_maps import grad_cam
    from tenfold.views.layer_pictures import activations, filters
    from tenfold.views.probes import probe
    from tenfold.views.view import View

__all__ = [
    "View", "activations", "capacity", "dying_units", "filters", "grad_cam", "gradient_by_layer", "learning_rates",
    "probe",
]  # fmt: skip

_HOMES = {
    "View": "tenfold.views.view",
    "activations": "tenfold.views.layer_pictures",
    "capacity": "tenfold.demonstrations.growing",
    "dying_units": "tenfold.demonstrations.dying",
    "filters": "tenfold.views.layer_pictures",
    "grad_cam": "tenfold.views.class_maps",
    "gradient_by_layer": "tenfold.demonstrations.vanishing",
    "learning_rates": "tenfold.demonstrations.rates",
    "probe": "tenfold.views.probes",
}
"""No page of this room may bear one of these names: importing the page would put it in the place of the function."""

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
