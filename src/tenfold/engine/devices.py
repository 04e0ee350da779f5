"""Where members run: one host device per core on the CPU, every device on an accelerator.

Small operations do not spread over threads, members do. With one host device per core the members of a wave run side by
side, two to three times as fast as on one device (docs/engine). A lone member stays on one device and keeps all
threads.
"""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

__all__ = ["describe", "devices_for", "member_mesh", "member_sharding"]


def devices_for(num_members: int) -> list[Any]:
    """Devices that share a wave.

    Args:
        num_members: Members to train, 1 or more.

    Returns:
        At most one device a member; the default device alone for a lone member.
    """
    return list(jax.devices())[: max(1, num_members)]


def describe() -> str:
    """Kind and number of devices, for the report."""
    devices = jax.devices()
    return (
        f"{len(devices)} x {devices[0].device_kind}" if devices[0].platform != "cpu" else f"{len(devices)} host devices"
    )


def member_mesh(devices: Sequence[Any]) -> jax.sharding.Mesh:
    """The devices of a wave as one axis, `member`."""
    return jax.sharding.Mesh(np.array(devices), ("member",))


def member_sharding(devices: Sequence[Any], *, shared: bool = False) -> jax.sharding.NamedSharding:
    """How arrays of a wave lie on its devices: split by member, or whole on each (`shared`)."""
    spec: Any = jax.sharding.PartitionSpec
    return jax.sharding.NamedSharding(member_mesh(devices), spec() if shared else spec("member"))
