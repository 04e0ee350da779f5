"""Step 4 told as facts: every column, in its order."""

import numpy as np
import pandas as pd

from tenfold.prepare.table import TablePreparation
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
