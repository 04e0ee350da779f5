"""The directive `public-names`: a table of a module's public names, then each with its docstring.

The names are those of `__all__`, which load on first use: autodoc's own `automodule` would miss those that are modules,
and would list what layers inherit from Keras.
"""

import importlib
import inspect
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import nested_parse_with_titles

INHERITED = (
    "build, call, compute_mask, compute_output_shape, get_config, from_config, "
    "get_metadata_routing, set_fit_request, set_score_request"
)
"""What Keras and scikit-learn ask of a class of its kind: documented there."""


class PublicNames(SphinxDirective):
    """`public-names:: tenfold.views` documents what `tenfold.views.__all__` names."""

    required_arguments: ClassVar[int] = 1  # type: ignore[misc]

    def run(self) -> list[nodes.Node]:
        """The table and the entries."""
        module = importlib.import_module(self.arguments[0])
        names = [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]
        lines = [f".. currentmodule:: {module.__name__}", "", ".. autosummary::", "   :nosignatures:", ""]
        lines += [f"   {name}" for name in names]
        for name in names:
            lines += ["", *entry(getattr(module, name), name)]
        section = nodes.section()
        section.document = self.state.document
        nested_parse_with_titles(self.state, StringList(lines, source=self.arguments[0]), section)
        return section.children


def entry(thing: object, name: str) -> list[str]:
    """How autodoc is asked for one name."""
    if inspect.isclass(thing):
        return [f".. autoclass:: {name}", "   :members:", f"   :exclude-members: {INHERITED}"]
    return [f".. autofunction:: {name}"] if callable(thing) else [f".. autodata:: {name}"]


class SentencesOfProperties:
    """Napoleon takes "A row a member: fold, seed" for a type and its description; a property's sentence stays whole."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def keep(self, _: Sphinx, what: str, name: str, __: Any, ___: Any, lines: list[str]) -> None:
        """Before napoleon."""
        if what == "property":
            self._lines[name] = list(lines)

    def restore(self, _: Sphinx, what: str, name: str, __: Any, ___: Any, lines: list[str]) -> None:
        """After it."""
        if what == "property":
            lines[:] = self._lines.pop(name, lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Known to Sphinx."""
    app.add_directive("public-names", PublicNames)
    sentences = SentencesOfProperties()
    app.connect("autodoc-process-docstring", sentences.keep, priority=400)
    app.connect("autodoc-process-docstring", sentences.restore, priority=600)
    return {"parallel_read_safe": True}
