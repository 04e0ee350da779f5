"""Where the taps of a kernel meet the input, axis by axis, in plain integers.

Output position `o` of a convolution along one axis meets, at tap `t` of the kernel, the position

    o * stride + t * kernel_dilation - low

of the input after `input_dilation - 1` zeros were put between its elements. Where that position is no multiple of the
input dilation (or lies in the padding) there is a zero. So the outputs fall into as many *phases* as the input
dilation: outputs of the same residue meet true elements with the same taps, at offsets from the output's quotient.
An ordinary convolution has one phase with all taps; a transposed one of stride 2 has two, each with half of them.
"""

from typing import NamedTuple

__all__ = ["Phase", "SlidingAxis"]


class Phase(NamedTuple):
    """Outputs of one residue along one axis.

    Attributes:
        taps: Positions in the kernel, an arithmetic progression; empty if these outputs meet only zeros.
        offsets: For each tap, the input position that output 0 of this phase meets; may lie outside the input.
    """

    taps: tuple[int, ...]
    offsets: tuple[int, ...]


class SlidingAxis(NamedTuple):
    """One spatial axis of a convolution; either `stride` or `input_dilation` is 1."""

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
    def phase_size(self) -> int:
        """Outputs of each phase; the last phases may count one past the end."""
        return -(-self.output_size // self.input_dilation)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """One phase for each residue of the output position.

        >>> SlidingAxis(5, 3, 1, 1, 1, 1, 1).phases
        (Phase(taps=(0, 1, 2), offsets=(-1, 0, 1)),)
        >>> SlidingAxis(5, 3, 1, 2, 2, 2, 1).phases
        (Phase(taps=(0, 2), offsets=(-1, 0)), Phase(taps=(1,), offsets=(0,)))
        """
        return tuple(self._phase(residue) for residue in range(self.input_dilation))

    def _phase(self, residue: int) -> Phase:
        reached = ((tap, residue + tap * self.kernel_dilation - self.low) for tap in range(self.kernel_size))
        met = [(tap, position // self.input_dilation) for tap, position in reached if position % self.input_dilation == 0]
        return Phase(tuple(tap for tap, _ in met), tuple(offset for _, offset in met))

    @property
    def margins(self) -> tuple[int, int]:
        """Zeros to put before and after the input so that each slice lies inside; never negative."""
        offsets = [offset for phase in self.phases for offset in phase.offsets]
        last = max(offsets) + (self.phase_size - 1) * self.stride
        return max(0, -min(offsets)), max(0, last - self.size + 1)
