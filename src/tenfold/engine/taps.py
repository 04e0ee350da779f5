"""Where the taps of a kernel meet the input, axis by axis, in plain integers.

Output `o` of a convolution along one axis meets, at tap `t` of its kernel, position

    o * stride + t * kernel_dilation - low

of the input after `input_dilation - 1` zeros were put between its elements. Where that is no multiple of the input
dilation there is a zero, and nothing to multiply. So the outputs fall into *phases* by the residue of their position:
those of one phase meet true elements with the same taps, at equal steps through the input. An ordinary convolution has
one phase with all taps; a transposed one with stride 2 has two, each with half of them.
"""

import math
from typing import NamedTuple

__all__ = ["Phase", "SlidingAxis"]


class Phase(NamedTuple):
    """Outputs of one residue along one axis.

    Attributes:
        taps: Positions in the kernel, at equal steps; empty if these outputs meet only zeros.
        offsets: For each tap, the input position that the first output meets; outside the input there are zeros.
    """

    taps: tuple[int, ...]
    offsets: tuple[int, ...]


class SlidingAxis(NamedTuple):
    """One spatial axis of a convolution, with the numbers that XLA's `ConvGeneralDilated` knows it by."""

    size: int
    kernel_size: int
    stride: int
    low: int
    high: int
    input_dilation: int
    kernel_dilation: int

    @property
    def output_size(self) -> int:
        """Number of outputs; 0 or less if the kernel does not fit."""
        covered = (self.size - 1) * self.input_dilation + 1 + self.low + self.high
        return (covered - (self.kernel_size - 1) * self.kernel_dilation - 1) // self.stride + 1

    @property
    def num_phases(self) -> int:
        """Outputs after which the same taps meet true elements again."""
        return self.input_dilation // math.gcd(self.input_dilation, self.stride)

    @property
    def phase_size(self) -> int:
        """Outputs of each phase; of the later phases the last may lie one past the end."""
        return -(-self.output_size // self.num_phases)

    @property
    def step(self) -> int:
        """Input elements between neighbouring outputs of a phase."""
        return self.num_phases * self.stride // self.input_dilation

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases, in the order of their first outputs.

        >>> SlidingAxis(5, 3, stride=1, low=1, high=1, input_dilation=1, kernel_dilation=1).phases
        (Phase(taps=(0, 1, 2), offsets=(-1, 0, 1)),)
        >>> SlidingAxis(5, 3, stride=1, low=2, high=2, input_dilation=2, kernel_dilation=1).phases
        (Phase(taps=(0, 2), offsets=(-1, 0)), Phase(taps=(1,), offsets=(0,)))
        """
        return tuple(self._phase(first * self.stride - self.low) for first in range(self.num_phases))

    def _phase(self, start: int) -> Phase:
        positions = ((tap, start + tap * self.kernel_dilation) for tap in range(self.kernel_size))
        met = [(tap, place // self.input_dilation) for tap, place in positions if place % self.input_dilation == 0]
        return Phase(tuple(tap for tap, _ in met), tuple(offset for _, offset in met))

    @property
    def margins(self) -> tuple[int, int]:
        """Zeros to put before and after the input so that each slice lies inside."""
        offsets = [offset for phase in self.phases for offset in phase.offsets] or [0]
        last = max(offsets) + (self.phase_size - 1) * self.step
        return max(0, -min(offsets)), max(0, last - self.size + 1)
