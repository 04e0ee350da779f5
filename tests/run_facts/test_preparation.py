"""Step 4 told as facts: every column, in its order."""

import numpy as np
import pandas as pd

from tenfold.prepare.suspects.suspect import Suspect
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import define_problem
from tenfold.run_facts.preparation import preparation_facts


def test_columns_are_told_in_their_order_with_what_becomes_of_them():
    frame = pd.DataFrame(
        {
            "id": np.arange(40),
            "size": [None, *np.linspace(1, 4, 39)],
            "colour": ["red", "blue", "green", "red"] * 10,
            "new": ["yes", "no"] * 20,
            "day": pd.date_range("2024-01-01", periods=40),
        }
    )
    facts = preparation_facts(frame, TablePreparation.fit(frame))
    assert [column.kind for column in facts.columns] == ["identifier", "number", "category", "yes_no", "date"]
    assert [column.num_inputs for column in facts.columns] == [0, 2, 3, 1, 5]
    assert facts.num_inputs == 11
    assert facts.decision == "5 columns become 11 inputs; not used: `id`."
    _, size, colour, *_ = facts.columns
    assert (size.num_missing, size.low, size.high) == (1, 1.0, 4.0)
    assert colour.treatment == "an input for each of 3 levels"
    assert facts.columns[0].dropped == "identifier: it numbers the rows"


def test_the_targets_mean_lies_over_each_bin_and_value():
    frame = pd.DataFrame(
        {
            "size": [1.0, 1.0, 2.0, 2.0, 4.0, 4.0, None, None] * 5,
            "colour": ["red", "blue"] * 20,
            "bought": ["no", "no", "yes", "no", "yes", "yes", "yes", "no"] * 5,
        }
    )
    problem = define_problem(frame, "bought")
    inputs, target = frame[["size", "colour"]], problem.encode(frame["bought"])
    odd = Suspect("size", "zeros", 0.1, "`size` is odd.", "note")
    facts = preparation_facts(inputs, TablePreparation.fit(inputs), problem=problem, target=target, suspects=[odd])
    assert (facts.num_rows, facts.num_repeated) == (40, 32)
    assert (facts.target_mean, facts.target_mean_of) == (0.5, "share of `yes`")
    size, colour = facts.columns
    assert size.distribution is not None
    np.testing.assert_allclose(size.distribution.target_means, [0.0, 0.5, 1.0])
    assert size.distribution.counts == (10, 10, 10)
    assert (size.quartiles, size.notes) == ((1.0, 2.0, 4.0), ("is odd",))
    assert (size.missing_target_mean, size.missing_by_class) == (0.5, (5, 5))
    shares = dict(zip(colour.values, colour.value_target_means, strict=True))
    assert shares == {"red": 0.75, "blue": 0.25}
    assert colour.value_counts == (20, 20)
    assert (colour.missing_by_class, colour.notes) == ((0, 0), ())


def test_dates_are_drawn_in_years_and_empty_bins_have_no_mean():
    frame = pd.DataFrame({"day": ["2020-01-01", "2021-07-02", "2024-01-01"] * 9, "cost": [1.0, 2.5, 6.0] * 9})
    problem = define_problem(frame, "cost")
    inputs = frame[["day"]]
    facts = preparation_facts(
        inputs, TablePreparation.fit(inputs), problem=problem, target=problem.encode(frame["cost"])
    )
    (day,) = facts.columns
    assert day.distribution is not None
    np.testing.assert_allclose([day.low, day.quartiles[1], day.high], [2020, 2021.5, 2024], atol=0.01)
    np.testing.assert_allclose(day.distribution.target_means, [1.0, 2.5, 6.0])
    assert facts.target_mean_of == "mean of `cost`"
