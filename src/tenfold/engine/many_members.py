"""A function of one member as a function of many: on devices, in groups one after another, side by side in a group.

    devices of the wave            shard_map: each device has its own members
      groups, one after another    lax.map: weights stay in the cache
        members side by side       vmap over `width` members; a width of 1 leaves it out

All of it leaves the member's numbers as they are.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import jax

from tenfold.engine.devices import member_mesh

__all__ = ["OverGroup", "over_members"]

OverGroup: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Makes a function of one member one of a group: `jax.vmap`, or nothing where the group is one member."""


def over_members(
    of_group: Callable[[OverGroup, Any, Any], Any], devices: Sequence[Any], width: int
) -> Callable[[Any, Any], Any]:
    """A function of one group as a function of many members, spread over devices and groups.

    Args:
        of_group: Takes (what makes a function of one member one of the group, values shared by all members, the
            group's own values: with a leading member axis, or without one where the group is one member).
        devices: Devices that share the members evenly.
        width: Members of a group; divides the members of a device.

    Returns:
        Takes (shared values, values with a leading member axis) and returns results with a leading member axis.
    """

    def on_device(shared: Any, own: Any) -> Any:
        return _over_groups(lambda over, lines: of_group(over, shared, lines), own, width)

    if len(devices) == 1:
        return on_device
    spec: Any = jax.sharding.PartitionSpec
    spread: Callable[[Any, Any], Any] = jax.shard_map(
        on_device,
        mesh=member_mesh(devices),
        in_specs=(spec(), spec("member")),
        out_specs=spec("member"),
        check_vma=False,
    )
    return spread


def _over_groups(of_group: Callable[[OverGroup, Any], Any], lines: Any, width: int) -> Any:
    """`of_group` over the leading axis: `width` members at a time side by side, the groups one after another."""

    def alone(function: Callable[..., Any]) -> Callable[..., Any]:
        return function

    of_member = functools.partial(of_group, alone)
    count = jax.tree.leaves(lines)[0].shape[0]
    if count == 1:
        return jax.tree.map(lambda leaf: leaf[None], of_member(jax.tree.map(lambda leaf: leaf[0], lines)))
    if width == 1:
        return jax.lax.map(of_member, lines)
    if width == count:
        return of_group(jax.vmap, lines)
    grouped = jax.tree.map(lambda leaf: leaf.reshape(count // width, width, *leaf.shape[1:]), lines)
    results = jax.lax.map(functools.partial(of_group, jax.vmap), grouped)
    return jax.tree.map(lambda leaf: leaf.reshape(count, *leaf.shape[2:]), results)
