"""How much memory this process holds, as Linux tells it, for tests that nothing is left behind."""

import gc
from pathlib import Path

import pytest

STATM = Path("/proc/self/statm")

on_linux = pytest.mark.skipif(not STATM.exists(), reason="reads what Linux tells of a process")

PAGE, MIB = 4096, 2**20


def resident_mib() -> float:
    """Mebibytes, after Python has let go of what it does not need."""
    gc.collect()
    return int(STATM.read_text(encoding="ascii").split()[1]) * PAGE / MIB
