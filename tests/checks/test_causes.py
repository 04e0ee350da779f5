"""The first cause comes first, and its symptoms are told as tips."""

from itertools import permutations

from tenfold.checks.causes import EXPLAINS, in_order_of_causes
from tenfold.checks.finding import FAULTS, Finding


def found(code, fault, severity="warning"):
    return Finding(code, fault, severity, "a message")


SCALE = found("TF201", "unscaled_input")
SATURATED = found("TF304", "saturation", "error")
VANISHING = found("TF305", "vanishing_gradient")
METRIC = found("TF108", "metric")


def test_the_table_names_faults_and_goes_in_no_circle():
    assert {*EXPLAINS, *(one for many in EXPLAINS.values() for one in many)} <= set(FAULTS)

    def reached(fault, way=()):
        assert fault not in way
        return {fault}.union(*(reached(one, (*way, fault)) for one in EXPLAINS.get(fault, ())))

    for fault in EXPLAINS:
        reached(fault)


def test_a_symptom_becomes_a_tip_that_names_its_cause():
    cause, symptom = in_order_of_causes([SATURATED, SCALE])
    assert (symptom.code, symptom.severity, symptom.evidence["explained_by"]) == ("TF304", "tip", "TF201")
    assert cause.evidence["explains"] == ["TF304 saturation"]


def test_a_cause_takes_over_the_severity_of_its_gravest_symptom():
    assert in_order_of_causes([SATURATED, SCALE])[0].severity == "error"


def test_a_chain_leads_to_its_first_link():
    told = in_order_of_causes([VANISHING, SATURATED, SCALE])
    assert [one.evidence.get("explained_by") for one in told] == [None, "TF201", "TF201"]


def test_a_tip_explains_nothing():
    first, second = in_order_of_causes([found("TF201", "unscaled_input", "tip"), SATURATED])
    assert (first.code, first.severity, second.code) == ("TF304", "error", "TF201")


def test_what_has_no_cause_stays_as_it_is():
    assert in_order_of_causes([METRIC]) == [METRIC]


def test_the_order_does_not_depend_on_the_order_in_which_they_were_found():
    several = [METRIC, SATURATED, SCALE, found("TF101", "head_loss_mismatch", "error")]
    orders = {tuple(one.code for one in in_order_of_causes(order)) for order in permutations(several)}
    assert orders == {("TF101", "TF201", "TF108", "TF304")}
