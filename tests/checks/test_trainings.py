"""What is kept of a training can be judged again, elsewhere and later."""

import json

import numpy as np
import pytest

from tenfold.checks.facts import (
    DataFacts,
    Evidence,
    HistoryFacts,
    InputFacts,
    KernelFacts,
    LayerFacts,
    ModelFacts,
    OptimizerFacts,
    OutputFacts,
    SplitFacts,
    TargetFacts,
)
from tenfold.checks.finding import Finding
from tenfold.checks.guess import guess_loss
from tenfold.checks.judging import Findings, all_checks
from tenfold.checks.trainings import announcement, evidence_from_json, evidence_to_json, findings_of
from tenfold.errors import ChecksWarning, OptionError

EVIDENCE = Evidence(
    model=ModelFacts(
        (
            LayerFacts("input", "InputLayer", output_shape=(4,)),
            LayerFacts(
                "head",
                "Dense",
                "linear",
                1,
                (None, 1),
                ("input",),
                KernelFacts("GlorotUniform", 0.0, 0.63, 0.6, 4, 1),
                5,
            ),
        ),
        (OutputFacts("head", "head", (), 1, (1,), "mean_squared_error", metrics=("mae",), wall=(-16.0, 15.9)),),
        OptimizerFacts("sgd", 0.01, 0.01),
        5,
    ),
    data=DataFacts(
        60,
        (InputFacts("input", "table", (4,), -3e5, 3e5, 0.0, 1e5, (0.0,) * 4, (1e5,) * 4, twins=((0, 2),)),),
        (TargetFacts("head", "number", (1,), std=2.0),),
        SplitFacts(48, 12, is_given=True, class_distance=None),
        {"rows_in_order": 0.1, "steps_one_way": 0.5},
    ),
    epochs=20,
    batch_size=16,
    shuffles=False,
)


def history(outcome: str = "ran", rise: float = 0.0) -> HistoryFacts:
    epochs = np.arange(20.0)
    return HistoryFacts(
        {"loss": 4 / (1 + epochs)[None], "val_loss": 4 / (1 + epochs)[None] + rise * epochs}, 20, (outcome,)
    )


def test_what_was_seen_comes_back_from_json():
    assert evidence_from_json(json.loads(json.dumps(evidence_to_json(EVIDENCE)))) == EVIDENCE


def test_parts_that_were_not_seen_stay_missing():
    assert evidence_from_json(evidence_to_json(Evidence(epochs=3))) == Evidence(epochs=3)


def test_a_file_of_another_version_is_read_as_far_as_it_is_known():
    content = evidence_to_json(EVIDENCE)
    content["model"]["colour"] = "blue"
    del content["model"]["unsafe"], content["shuffles"], content["data"]["split"]
    read = evidence_from_json(content)
    assert read.model == EVIDENCE.model
    assert read.shuffles
    assert read.data is not None
    assert read.data.split is None


def test_a_training_is_judged_by_what_was_seen_and_what_it_logged():
    found = findings_of(EVIDENCE, history(rise=1.0))
    assert {"TF201", "TF401"} <= {one.code for one in found}
    assert "TF201" not in {one.code for one in findings_of(EVIDENCE, history(), ["TF201"])}


def test_a_rise_of_the_loss_that_is_small_beside_a_guess_is_no_finding():
    assert "TF401" in {one.code for one in findings_of(EVIDENCE, history(rise=0.1))}
    assert "TF401" not in {one.code for one in findings_of(EVIDENCE, history(rise=0.02))}  # 10 % of a guess's error


def test_a_rule_that_fails_costs_its_findings_and_not_the_training(monkeypatch: pytest.MonkeyPatch):
    def fails(_: Evidence) -> list[Finding]:
        raise KeyError("a number that is not there")

    monkeypatch.setattr(all_checks()[0].__class__, "outcomes", lambda _, evidence: fails(evidence))
    with pytest.warns(ChecksWarning, match=r"could not judge this training .*a number that is not there.*TF101"):
        assert len(findings_of(EVIDENCE, history())) == 0


def test_a_wrong_name_to_mute_is_an_error_all_the_same():
    with pytest.raises(OptionError, match="`mute` names `TF999`"):
        findings_of(EVIDENCE, history(), ["TF999"])


def test_one_line_names_two_and_counts_the_rest():
    found = [Finding(f"TF20{number}", "leakage", "error", "") for number in (1, 2, 3)]
    tip = Finding("TF404", "lr_too_high", "tip", "")
    assert announcement(Findings([tip], {}), "cv.findings") == ""
    assert announcement(Findings([found[0], tip], {}), "cv.findings") == "1 finding (TF201 leakage): cv.findings"
    assert (
        announcement(Findings(found, {}), "h.findings")
        == "3 findings (TF201 leakage, TF202 leakage and 1 more): h.findings"
    )


@pytest.mark.parametrize("loss", ["mean_squared_error", "mean_absolute_error"])
def test_a_guess_of_numbers_is_scored_as_numpy_does(loss: str):
    values = np.random.default_rng(0).normal(3.0, 2.0, 100_000)
    output = OutputFacts("y", "head", (), 1, (1,), loss)
    by_hand = {"mean_squared_error": values.var(), "mean_absolute_error": np.abs(values - np.median(values)).mean()}
    assert guess_loss(TargetFacts("y", "number", (1,), std=float(values.std())), output) == pytest.approx(
        by_hand[loss], rel=0.01
    )


def test_a_guess_of_classes_is_their_entropy():
    target = TargetFacts("y", "classes", (), (0.0, 1.0, 2.0), (5, 3, 2), 0.0, 2.0, 0.7, 0.8, are_whole=True)
    output = OutputFacts("y", "head", ("softmax",), 3, (3,), "sparse_categorical_crossentropy")
    assert guess_loss(target, output) == pytest.approx(-(0.5 * np.log(0.5) + 0.3 * np.log(0.3) + 0.2 * np.log(0.2)))
    assert guess_loss(target, OutputFacts("y", "head", (), 3, (3,), "custom")) is None
