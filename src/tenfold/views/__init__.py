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
    from tenfold.views.answers import calibration, confusion, residuals
    from tenfold.views.class_maps import grad_cam
    from tenfold.views.curves import learning_curves
    from tenfold.views.first_layer import first_weights
    from tenfold.views.layer_pictures import activations, filters
    from tenfold.views.probes import probe
    from tenfold.views.view import View
    from tenfold.views.word_map import embedding_map

__all__ = [
    "View", "activations", "calibration", "capacity", "confusion", "dying_units", "embedding_map", "filters",
    "first_weights", "grad_cam", "gradient_by_layer", "learning_curves", "learning_rates", "probe", "residuals",
]  # fmt: skip

_HOMES = {
    "View": "tenfold.views.view",
    "activations": "tenfold.views.layer_pictures",
    "calibration": "tenfold.views.answers",
    "capacity": "tenfold.demonstrations.growing",
    "confusion": "tenfold.views.answers",
    "dying_units": "tenfold.demonstrations.dying",
    "embedding_map": "tenfold.views.word_map",
    "filters": "tenfold.views.layer_pictures",
    "first_weights": "tenfold.views.first_layer",
    "grad_cam": "tenfold.views.class_maps",
    "gradient_by_layer": "tenfold.demonstrations.vanishing",
    "learning_curves": "tenfold.views.curves",
    "learning_rates": "tenfold.demonstrations.rates",
    "probe": "tenfold.views.probes",
    "residuals": "tenfold.views.answers",
}
"""No page of this room may bear one of these names: importing the page would put it in the place of the function."""

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
