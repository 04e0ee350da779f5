"""The integers of a convolution, against a walk over every output and tap."""

from hypothesis import assume, given
from hypothesis import strategies as st

from tenfold.engine.taps import SlidingAxis

small = st.integers(1, 6)


@given(st.builds(SlidingAxis, small, small, small, st.integers(-2, 5), st.integers(-2, 5), small, small))
def test_phases_meet_the_elements_that_a_walk_over_outputs_and_taps_meets(axis):
    assume(axis.output_size > 0)
    met = set()
    for output in range(axis.output_size):
        for tap in range(axis.kernel_size):
            place, rest = divmod(output * axis.stride + tap * axis.kernel_dilation - axis.low, axis.input_dilation)
            if rest == 0 and 0 <= place < axis.size:
                met.add((output, tap, place))
    assert {link for link in links(axis) if link[0] < axis.output_size and 0 <= link[2] < axis.size} == met


@given(st.builds(SlidingAxis, small, small, small, st.integers(-2, 5), st.integers(-2, 5), small, small))
def test_margins_hold_every_slice(axis):
    assume(axis.output_size > 0)
    before, after = axis.margins
    assert all(-before <= place < axis.size + after for _, _, place in links(axis))


def links(axis):
    """Output, tap and input element, as the phases connect them."""
    for first, phase in enumerate(axis.phases):
        for tap, offset in zip(phase.taps, phase.offsets, strict=True):
            for turn in range(axis.phase_size):
                yield first + turn * axis.num_phases, tap, offset + turn * axis.step
