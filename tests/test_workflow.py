"""Whole runs on small tables: what is written, what is honest about it, and that it can be used and repeated."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.data.table import table_from_frame
from tenfold.errors import OptionError, TableError, TargetError
from tenfold.progress import Event, Note, RunStarted, StepFinished, StepStarted, TrainingProgress, Warned
from tenfold.report.facts import Facts
from tenfold.run_folder.ledger import read_looks
from tenfold.workflow import Run, load_run, predict, run

NUM_ROWS = 70


def houses() -> pd.DataFrame:
    """A number that follows from two of four columns."""
    rng = np.random.default_rng(0)
    size, rooms = rng.normal(80, 20, NUM_ROWS), rng.integers(1, 7, NUM_ROWS)
    street = rng.choice(["Main", "Side", "Hill"], NUM_ROWS)
    price = 2 * size + 10 * rooms + rng.normal(0, 3, NUM_ROWS)
    return pd.DataFrame({"id": np.arange(NUM_ROWS), "size": size, "rooms": rooms, "street": street, "price": price})


def churn() -> pd.DataFrame:
    frame = houses()
    return frame.drop(columns="price").assign(left=np.where(frame["price"] > frame["price"].median(), "yes", "no"))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return []


@pytest.fixture(scope="module")
def house_run(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> Run:
    folder = tmp_path_factory.mktemp("houses")
    houses().to_csv(folder / "houses.csv", index=False)
    return run(folder / "houses.csv", "price", out=folder / "run", budget="quick", progress=events.append)


@pytest.fixture(scope="module")
def churn_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("churn") / "run"
    return run(churn(), "left", out=out, budget="quick", progress=[].append)


def test_the_folder_holds_what_was_promised(house_run: Run):
    found = {str(path.relative_to(house_run.path)) for path in house_run.path.rglob("*") if path.is_file()}
    assert found == {
        "run.toml", "ledger.jsonl", "facts.json", "report.html", "model/model.keras", "model/preparation.json",
        "model/card.json", "record/predictions.parquet", "record/scores.parquet", "record/histories.parquet",
        "record/replay_inputs.parquet", "record/replay_answers.parquet", "model/baseline.skops", "model/baseline.json",
        "model/card.md", "data-sheet.md", "methods.md", "results.md", "checklists.md",
    }  # fmt: skip
    asked = tomllib.loads((house_run.path / "run.toml").read_text())
    assert asked["asked"]["targets"] == ["price"]
    assert asked["run"]["finished"]


def test_the_report_and_the_facts_tell_the_same(house_run: Run):
    page = house_run.report.read_text()
    assert house_run.verdict.headline.replace("`", "") in page.replace("<code>", "").replace("</code>", "")
    kept = (house_run.path / "facts.json").read_text()
    assert Facts.from_json(kept).to_json() == kept == house_run.facts.to_json()
    assert len(page) < 1_000_000


def test_the_facts_hold_every_step(house_run: Run, churn_run: Run):
    for facts in (house_run.facts, churn_run.facts):
        assert facts.protocol.num_working == 56
        assert facts.protocol.num_sealed == 14
        assert {model.role for model in facts.models} == {"network", "baseline", "guess"}
        assert len(facts.capacity.rungs) == 3
        assert [trial.number for trial in facts.tuning.trials] == [0, 1, 2, 3, 4]
        assert len(facts.curves.curves) == 5
        assert facts.work.num_networks == (3 + 4) * (5 * 5 + 5) + (5 + 1), (
            "sizes and trials on inner folds, then retraining"
        )
    assert [column.name for column in house_run.facts.preparation.columns if column.dropped] == ["id"]
    assert churn_run.facts.problem.classes == ("no", "yes")


def test_a_network_learns_what_there_is_to_learn(house_run: Run, churn_run: Run):
    scores = {model.role: model.score.value for model in house_run.facts.models}
    assert scores["network"] < scores["guess"] / 2
    scores = {model.role: model.score.value for model in churn_run.facts.models}
    assert scores["network"] > 0.8


def test_every_look_is_in_the_ledger_and_the_sealed_rows_come_last_and_once(house_run: Run):
    looks = read_looks(house_run.path / "ledger.jsonl")
    assert [look.part for look in looks] == ["outer", "inner", "inner", "outer", "sealed"]
    assert house_run.facts.protocol.sealed_looks == 1
    assert looks[-1].rows_sha256 == house_run.facts.protocol.sealed_sha256
    assert looks[0].rows_sha256 != looks[-1].rows_sha256


def test_the_steps_are_told_in_order(house_run: Run, events: list[Event]):
    assert events[0] == RunStarted(events[0].source, NUM_ROWS, 5, str(house_run.path))
    assert [event.number for event in events if isinstance(event, StepStarted)] == [1, 2, 3, 4, 5, 6, 7]
    finished = [event for event in events if isinstance(event, StepFinished)]
    assert [event.number for event in finished] == [1, 2, 3, 4, 5, 6, 7]
    assert all(event.text for event in finished)
    assert any(isinstance(event, TrainingProgress) for event in events)


def test_out_of_fold_predictions_are_kept(house_run: Run):
    kept = pd.read_parquet(house_run.path / "record" / "predictions.parquet")
    truth = houses()["price"].iloc[kept["row"] - 1]
    assert len(kept) == 56
    network = next(model for model in house_run.facts.models if model.role == "network")
    assert np.abs(kept["prediction"].to_numpy() - truth.to_numpy()).mean() == pytest.approx(
        network.score.value, rel=0.05
    )


def test_scores_of_every_model_fold_and_seed_are_kept(house_run: Run):
    kept = pd.read_parquet(house_run.path / "record" / "scores.parquet")
    for model in house_run.facts.models:
        own = kept[kept["model"] == model.name]
        assert own["score"].mean() == pytest.approx(model.score.value)
        assert sorted(set(own["fold"])) == [0, 1, 2, 3, 4]


def test_histories_of_the_final_networks_members_are_kept(house_run: Run):
    kept = pd.read_parquet(house_run.path / "record" / "histories.parquet")
    for member, curve in enumerate(house_run.facts.curves.curves):
        own = kept[kept["member"] == member]
        assert own["epoch"].tolist() == list(range(len(curve.training)))
        assert own["val_loss"].tolist() == list(curve.validation)


def test_groups_and_repeated_rows_stay_together_and_the_group_is_no_input(tmp_path: Path):
    frame = houses().assign(owner=np.arange(NUM_ROWS) // 5)
    frame = pd.concat([frame, frame.iloc[:3]], ignore_index=True)
    found = run(frame, "price", out=tmp_path / "run", budget="quick", group="owner", progress=[].append)
    assert [column.name for column in found.facts.preparation.columns] == ["id", "size", "rooms", "street"]
    assert "rows of one `owner` (14 of them) and 3 repeated rows" in found.facts.protocol.because
    kept = pd.read_parquet(found.path / "record" / "predictions.parquet")
    owners = frame["owner"].to_numpy()
    working = set(kept["row"] - 1)
    assert not {owners[row] for row in working} & {owners[row] for row in set(range(len(frame))) - working}
    assert "--group" not in found.facts.run.command
    assert "group='owner'" in found.facts.run.command
    assert found.predict(frame.drop(columns=["price", "owner"]))["price"].notna().all()


REFUSED = """
import sys, tenfold
from tenfold.errors import TenfoldError
try:
    tenfold.run({table!r}, {target!r}, budget={budget!r})
except TenfoldError as error:
    assert not {{"jax", "keras"}} & set(sys.modules), "a library of networks was loaded to say so"
    print(error)
"""


@pytest.mark.parametrize(
    ("table", "target", "budget", "said"),
    [
        ("nowhere.csv", "price", "quick", "nowhere.csv"),
        ("houses.csv", "prise", "quick", "did you mean `price`"),
        ("houses.csv", "price", "quik", "did you mean `quick`"),
    ],
)
def test_bad_input_is_refused_before_jax_and_keras_are_loaded(
    tmp_path: Path, table: str, target: str, budget: str, said: str
):
    houses().to_csv(tmp_path / "houses.csv", index=False)
    code = REFUSED.format(table=table, target=target, budget=budget)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert said in done.stdout, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["houses.csv"]


def test_new_rows_are_predicted_in_the_targets_unit(house_run: Run, tmp_path: Path):
    new = houses().drop(columns=["id", "price"])
    new.to_csv(tmp_path / "new.csv", index=False)
    predictions = predict(house_run.path, tmp_path / "new.csv")
    assert predictions.columns.tolist() == ["price"]
    assert np.abs(predictions["price"] - houses()["price"]).mean() < houses()["price"].std() / 2
    pd.testing.assert_frame_equal(house_run.predict(new), predictions)


def test_classes_are_predicted_with_their_probabilities(churn_run: Run):
    predictions = churn_run.predict(churn())
    assert predictions.columns.tolist() == ["left", "probability of no", "probability of yes"]
    assert (predictions["left"] == churn()["left"]).mean() > 0.8


def test_unfamiliar_rows_are_told(house_run: Run):
    events: list[Event] = []
    house_run.predict(houses().assign(street="Lane", size=500.0), progress=events.append)
    texts = [event.text for event in events if isinstance(event, Warned)]
    assert len(texts) == 2
    assert texts[0].startswith("`size`: 70 outside")
    assert texts[1] == "`street`: 70 with a level never seen in training (of 70 rows)"
    with pytest.raises(TableError, match="lacks 1 of 3 columns that the model uses: `size`"):
        house_run.predict(houses().drop(columns="size"))


def test_a_finished_run_is_read_and_not_repeated(house_run: Run):
    events: list[Event] = []
    table = house_run.path.parent / "houses.csv"
    again = run(table, "price", out=house_run.path, budget="quick", progress=events.append)
    assert [type(event) for event in events] == [RunStarted, Note]
    for one in (again, load_run(house_run.path), tenfold.load(house_run.path)):
        assert (one.path, one.facts.to_json()) == (house_run.path, house_run.facts.to_json())


def test_another_question_does_not_overwrite_a_run(house_run: Run):
    table = house_run.path.parent / "houses.csv"
    with pytest.raises(OptionError, match="holds a run that asked something else"):
        run(table, "price", out=house_run.path, budget="quick", seed=1, progress=[].append)
    with pytest.raises(OptionError, match="holds a run that asked something else"):
        run(table, "rooms", out=house_run.path, budget="quick", problem="number", progress=[].append)


@pytest.mark.slow
def test_the_same_run_gives_the_same_numbers(house_run: Run, tmp_path: Path):
    again = run(house_run.path.parent / "houses.csv", "price", out=tmp_path / "run", budget="quick", progress=[].append)
    assert again.facts.models[0].scores == house_run.facts.models[0].scores
    assert again.facts.sealed == house_run.facts.sealed
    pd.testing.assert_frame_equal(again.predict(houses()), house_run.predict(houses()))


def test_bad_input_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError, match="`prise` is not a column"):
        run(houses(), "prise")
    with pytest.raises(TableError, match="There is no file"):
        run("houses.csv", "price")
    assert not list(tmp_path.iterdir())


def test_a_run_shows_its_headline(house_run: Run):
    assert house_run.verdict.headline in repr(house_run)


def test_an_example_is_a_table_with_a_name(tmp_path: Path):
    events: list[Event] = []

    class EnoughError(Exception):
        pass

    def stop(event: Event) -> None:
        events.append(event)
        if isinstance(event, StepStarted):
            raise EnoughError

    table = table_from_frame(houses(), "houses", format="example")
    with pytest.raises(EnoughError):
        run(table, "price", out=tmp_path / "run", progress=stop)
    assert events[0] == RunStarted("houses", NUM_ROWS, 5, str(tmp_path / "run"))
    content = json.loads(json.dumps(tomllib.loads((tmp_path / "run" / "run.toml").read_text())))
    assert content["asked"]["source"] == "houses"
    assert not content["run"]["finished"]
