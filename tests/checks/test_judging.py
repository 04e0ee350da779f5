"""All checks are asked, muted ones are not, and every answer is kept."""

import json
import re

import numpy as np
import pytest

from judged import CLASSES, X, classifier, evidence
from tenfold.checks import judging
from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import FAULTS, Finding, Passed, Silent
from tenfold.checks.judging import all_checks, judge
from tenfold.errors import OptionError

PIXELS = 255 * abs(X) / abs(X).max()
FAULTY = evidence(classifier(1, "sigmoid"), PIXELS, CLASSES)


def test_each_check_is_found_by_its_file_and_has_its_code():
    checks = all_checks()
    codes = [check.code for check in checks]
    assert codes == sorted(set(codes))
    assert {"TF101", "TF111", "TF201", "TF210"} <= set(codes)
    for check in checks:
        assert check.judge.__module__.rsplit(".", 1)[1].startswith(check.code.lower())


def test_every_check_says_what_it_needs_where_nothing_is_given():
    findings = judge(Evidence())
    assert len(findings) == 0
    assert {type(one) for said in findings.outcomes.values() for one in said} == {Silent}


def test_a_sound_program_has_no_finding_above_a_tip():
    findings = judge(evidence(classifier(metrics=["accuracy"]), X, CLASSES))
    assert (findings.errors, findings.warnings) == ((), ())


def test_findings_are_a_sequence_in_order_of_gravity():
    findings = judge(FAULTY)
    assert [findings[0].code, findings[1].code] == ["TF101", "TF201"]
    assert list(findings[:2]) == [*findings.errors, *findings.warnings][:2]


@pytest.mark.parametrize("mute", [["TF101"], ["head_loss_mismatch"]])
def test_what_is_muted_is_not_told(mute):
    findings = judge(FAULTY, mute)
    assert "TF101" not in {finding.code for finding in findings}
    assert findings.outcomes["TF101"] == (Silent("muted", skipped=True),)


@pytest.mark.parametrize(("name", "hint"), [("tf201", "TF201"), ("imbalanced", "imbalance")])
def test_a_name_that_does_not_exist_cannot_be_muted(name, hint):
    with pytest.raises(OptionError, match=f"did you mean `{hint}`"):
        judge(FAULTY, [name])


def test_one_name_is_no_list():
    with pytest.raises(OptionError, match="Expected: a list of codes"):
        judge(FAULTY, "TF101")


def test_the_answers_are_json():
    content = json.loads(json.dumps(judge(FAULTY).to_json(), allow_nan=False))
    assert content["findings"][0]["fault"] == "head_loss_mismatch"
    assert content["outcomes"]["TF105"][0]["outcome"] == "not applicable"


@pytest.mark.parametrize("width", [80, 100])
def test_the_table_fits_its_width_and_names_what_to_do(width):
    table = judge(FAULTY).table(width)
    assert max(map(len, table.splitlines())) <= width
    assert re.match(r"error +TF101  head_loss_mismatch\n", table)
    assert "-> End with" in table
    assert re.search(r"1 error, 1 warning.*; checks: \d+ passed, \d+ not applicable, \d+ skipped", table)


def test_the_table_of_nothing_says_so():
    assert judge(Evidence()).table().startswith("nothing found; checks: ")


def test_a_mistake_of_ours_names_the_rule(monkeypatch):
    def judge_wrongly(_):
        raise ZeroDivisionError

    broken = Check("TF999", "broken", ("numeric",), "model", "", "", judge_wrongly)
    monkeypatch.setattr(judging, "all_checks", lambda: (broken,))
    with pytest.raises(ZeroDivisionError) as caught:
        judge(Evidence())
    assert caught.value.__notes__ == ["while TF999 (broken) was judged"]


def test_every_fault_that_a_check_names_exists_and_every_threshold_has_a_source():
    for check in all_checks():
        assert set(check.faults) <= set(FAULTS)
        assert all(threshold.source and np.isfinite(threshold.value) for threshold in check.thresholds)
        assert check.explanation.endswith(".")
        assert check.repair.endswith((".", "`."))


def test_a_check_may_find_several_things_or_say_why_not():
    said = {type(one) for check in all_checks() for one in check.outcomes(FAULTY)}
    assert said == {Finding, Passed, Silent}
