"""What the numbers were measured on."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from environments import PACKAGES

LIBRARIES = ("jax", "jaxlib", "keras", "numpy", "scikit-learn", "skrub", "tenfold")


def describe_machine() -> dict[str, Any]:
    """Processor, memory, accelerator, system and versions, with the load before the first measurement."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "accelerator": accelerator(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {library: version(library) for library in LIBRARIES} | _rival_versions(),
        "load_before": os.getloadavg()[0],
    }


def machine_slug() -> str:
    """Name of this machine's files: its processor or accelerator, and its cores."""
    name = accelerator() or _processor()
    return re.sub(r"[^a-z0-9]+", "-", f"{name} {os.cpu_count()} cores".lower()).strip("-")


def accelerator() -> str | None:
    """Name of the first NVIDIA device, if there is one."""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def _processor() -> str:
    return _field("/proc/cpuinfo", "model name") or platform.processor()


def _rival_versions() -> dict[str, str]:
    return dict(package.split("==") for packages in PACKAGES.values() for package in packages)


def _field(path: str, name: str) -> str | None:
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), None)
