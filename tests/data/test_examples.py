import pytest

from tenfold.data.examples import EXAMPLES, Example, load_example
from tenfold.errors import OptionError


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_has_its_target_and_the_rows_it_tells_of(example: Example):
    table, target = load_example(example.name)
    assert target in table.frame.columns
    assert example.about.startswith(f"{table.source.num_rows} ")
    assert not table.frame.isna().any(axis=None)


def test_an_unknown_example_is_refused_with_the_closest():
    with pytest.raises(OptionError, match="There is no example `vine`") as caught:
        load_example("vine")
    assert caught.value.hint == "did you mean `wine`?"
