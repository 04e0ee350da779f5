"""Members side by side (`vmap`) or one after another (`map`): which is faster depends on the model and the machine.

On a CPU a member alone keeps its weights in the cache, and a member that has stopped costs nothing; side by side, tiny
networks share the cost of starting each operation. On an accelerator members side by side fill the device. `auto` takes
the rule below for short trainings; for long ones both programs are compiled, one epoch of each is timed, and the answer
is kept for this shape and device (`~/.cache/tenfold/modes.json`, or `TENFOLD_CACHE`).
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Literal, TypeAlias

import jax

from tenfold.engine.network import Network
from tenfold.engine.rows import Geometry
from tenfold.errors import OptionError, did_you_mean

__all__ = ["Mode", "check_mode", "is_open", "recall_width", "remember_width", "rule_of_thumb", "widest"]

Mode: TypeAlias = Literal["auto", "vmap", "map"]

WIDEST_ON_CPU = 16
"""Members side by side on one core at most; beyond it their weights leave the cache (measured, docs/benchmarks)."""

SMALL_STEP = 150_000
"""Multiply-adds of a step's forward pass (parameters x rows) below which starting operations costs more than running
them on a CPU core (measured, docs/benchmarks)."""

_CLEARLY_LARGE = 10
"""Times `SMALL_STEP` from which nothing is measured (arbitrary; at the bound the two modes are about equal)."""


def check_mode(mode: str) -> None:
    """Refuse an unknown mode.

    Raises:
        OptionError: Naming the modes.
    """
    if mode not in ("auto", "vmap", "map"):
        raise OptionError(
            "mode", f"`mode={mode!r}` is unknown", expected="auto, vmap or map",
            hint=did_you_mean(str(mode), ("auto", "vmap", "map")),
        )  # fmt: skip


def widest(members_a_device: int) -> int:
    """Members that run side by side under `vmap`: all of a device's, on a CPU at most `WIDEST_ON_CPU`."""
    return min(members_a_device, WIDEST_ON_CPU) if jax.default_backend() == "cpu" else members_a_device


def rule_of_thumb(network: Network, geometry: Geometry, members_a_device: int) -> int:
    """Width without measuring.

    Args:
        network: The model.
        geometry: Sizes of steps.
        members_a_device: Members that share one device.
    """
    if jax.default_backend() != "cpu":
        return 1 if network.has_windows else members_a_device
    work = network.num_parameters * geometry.batch_size
    return widest(members_a_device) if work < SMALL_STEP and not geometry.ragged else 1


def is_open(network: Network, geometry: Geometry) -> bool:
    """Whether the rule may be wrong: on a CPU, a dense step far above the bound always runs alone."""
    clear = _CLEARLY_LARGE * SMALL_STEP
    return jax.default_backend() != "cpu" or network.has_windows or network.num_parameters * geometry.batch_size < clear


def recall_width(key: str) -> int | None:
    """The width that was measured before for this shape and device; None if it was not."""
    try:
        return int(json.loads(_cache().read_text(encoding="utf-8"))[key])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember_width(key: str, width: int) -> None:
    """Keep a measured width. A cache that cannot be written is no reason to fail: the probe is then made again."""
    try:
        path = _cache()
        path.parent.mkdir(parents=True, exist_ok=True)
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps({**known, key: width}, indent=1), encoding="utf-8")
        draft.replace(path)
    except (OSError, ValueError):
        return


def key_of(network: Network, geometry: Geometry, members_a_device: int, num_devices: int) -> str:
    """Name of a shape on this machine: model, sizes, members, kind and number of devices, version of JAX."""
    parts = (network.signature, geometry, members_a_device, num_devices, jax.devices()[0].device_kind, jax.__version__)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _cache() -> Path:
    return Path(os.environ.get("TENFOLD_CACHE", Path.home() / ".cache" / "tenfold")) / "modes.json"
