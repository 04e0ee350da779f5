"""The documentation site: `make docs`. Its pages are those of docs/, as the repository shows them, and the lessons.

The source folder is the repository itself, so that a link such as `../lessons/01_node.py` leads to the right place both
there and on the site. Pages ask for nothing from outside: formulas are MathML, fonts are the reader's own.
"""

import os
import re
import sys
from pathlib import Path

from jupyter_cache import get_cache
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "src")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])  # for pages' kernels

from tenfold.lessons.transcript import hash_of_package  # noqa: E402  # from the folder beside, whatever is installed


def shut_out_profiles() -> None:
    """Kernels read no IPython profile of whoever builds, which could change what pages show; and start silently."""
    profile = ROOT / "build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n", encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(profile.parent)


shut_out_profiles()
project = "Tenfold"
author = copyright = "the Tenfold developers"  # noqa: A001  # Sphinx' name
html_title = "Tenfold"
root_doc = "docs/index"
extensions = [f"sphinx.ext.{name}" for name in ("autodoc", "autosummary", "napoleon")]
extensions += ["myst_nb", "mathml", "offline", "public_names"]
include_patterns = ["docs/*.md", "docs/api/*.md", "lessons/*_*.py", "examples/beginner/README.md", "CHANGELOG.md"]
exclude_patterns = [".*", "benchmarks", "build", "dist", "src", "tests", "docs/site", "docs/figures", "**/__pycache__"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_update_mathjax = False

nb_custom_formats = {".py": ["tenfold.lessons.source.read_page", {}, False]}
nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "build" / "executed" / hash_of_package())
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_render_markdown_format = "myst"
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # arguments are described in words; shapes stand in the source
autosummary_generate = False
default_role = "code"  # docstrings write `name` as these pages do
napoleon_use_rtype = False

html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_math_renderer = "latex2mathml"
html_static_path = ["static"]
html_css_files = ["tenfold.css"]
html_extra_path = ["index.html"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"  # read by everybody: at least 7 to 1
pygments_dark_style = "a11y-high-contrast-dark"

linkcheck_ignore = [r"https://doi\.org/.*"]  # publishers turn robots away


def set_targets(_: Sphinx, __: str, source: list[str]) -> None:
    """Pages mark targets of links as the repository's page needs them; MyST has a mark of its own."""
    source[0] = re.sub(r'(?m)^<a id="([a-z0-9-]+)"></a>$', r"(\1)=", source[0])


def take_tested_lessons(_: Sphinx) -> None:
    """What `make lessons` has run need not run again: its pages go to the cache, which holds them by their code."""
    cache = get_cache(nb_execution_cache_path)
    for path in sorted((ROOT / "build" / "lessons" / hash_of_package()).glob("*.ipynb")):
        cache.cache_notebook_file(path, check_validity=False, overwrite=True)


def setup(app: Sphinx) -> None:
    """Known to Sphinx."""
    app.connect("builder-inited", take_tested_lessons)
    app.connect("source-read", set_targets)
