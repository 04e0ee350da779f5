"""A virtual environment for each rival, made once under `.benchmarks` (which git ignores).

TensorFlow and torch do not meet in one process, and neither meets Tenfold: each brings thread pools and memory of its
own. Keras on JAX, hand-written JAX and scikit-learn run in the environment that runs the benchmarks: it is Tenfold's.
RealMLP brings torch, and reads tables with the same pandas.
"""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".benchmarks" / "environments"
PACKAGES = {
    "tensorflow": ["tensorflow-cpu==2.21.0"],
    "torch": ["torch==2.13.0"],
    "realmlp": ["torch==2.13.0", "pytabkit==1.7.3"],
}
SHARED = {
    "tensorflow": ("keras", "pillow"),
    "torch": ("keras", "pillow"),
    "realmlp": ("scikit-learn", "pandas", "pyarrow"),
}
"""Packages that an environment has in the very version of this one."""


def python_of(backend: str) -> Path:
    """The interpreter with this backend; installs it where that has not been done.

    Args:
        backend: `jax`, `tensorflow`, `torch` or `realmlp`.
    """
    if backend not in PACKAGES:
        return Path(sys.executable)
    folder = FOLDER / backend
    python, stamp = folder / "bin" / "python", folder / "installed"
    packages = [*PACKAGES[backend], *(f"{name}=={version(name)}" for name in SHARED[backend])]
    if not stamp.exists() or stamp.read_text() != " ".join(packages):
        print(f"installing {' '.join(packages)} into {folder.relative_to(ROOT)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
        stamp.write_text(" ".join(packages))
    return python
