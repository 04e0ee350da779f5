"""TF202: every input is a number, and every feature says something of its own (rule 4 of the anchors)."""

from collections.abc import Iterator

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, InputFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

_SHOWN = 5


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    found = [one for facts in data.inputs for one in _of_input(facts, data.num_rows)]
    found += [one for target in data.targets for one in _empty_classes(target)]
    return found or Passed({"inputs": len(data.inputs), "rows": data.num_rows})


def _of_input(facts: InputFacts, num_rows: int) -> Iterator[Finding]:
    not_numbers = facts.num_missing + facts.num_infinite
    if not_numbers:
        kind = "missing (NaN)" if not facts.num_infinite else "missing or infinite"
        yield CHECK.finding(
            "error",
            f"{not_numbers} entries of the inputs are {kind}, in {num_rows} rows: a single one makes the loss and then "
            "every weight NaN.",
            repair="Fill them with what the training rows say (`np.nanmedian(x_train, axis=0)`), or drop their rows.",
            subject=facts.name,
            missing=facts.num_missing,
            infinite=facts.num_infinite,
        )
    if facts.num_unknown:
        yield CHECK.finding(
            "error",
            f"{facts.num_unknown} entries of the inputs are no row of the embedding that reads them: it has 0 to "
            f"{facts.vocabulary - 1}, the inputs go from {facts.minimum:g} to {facts.maximum:g}. JAX answers NaN for "
            "them and says nothing; then the loss and every weight are NaN.",
            repair="Give the embedding as many rows as the largest number plus one (`input_dim`), or number the inputs "
            "from 0 on.",
            subject=facts.name,
            unknown=facts.num_unknown,
            vocabulary=facts.vocabulary,
            largest=facts.maximum,
        )
    if facts.num_cut:
        yield CHECK.finding(
            "warning",
            f"{facts.num_cut} entries of the inputs have a fraction, and an embedding reads whole numbers: it cuts the "
            "fractions off, and takes 4 and 5 for two names, not for two sizes.",
            repair="An embedding is for names and words that were numbered; let a dense layer read measured numbers.",
            subject=facts.name,
            fractions=facts.num_cut,
        )
    if facts.constant:
        yield CHECK.finding(
            "tip",
            f"{len(facts.constant)} columns never change ({_places(facts.constant)}): they say nothing, and "
            "standardising divides them by zero.",
            repair="Drop them.",
            subject=facts.name,
            columns=list(facts.constant),
        )
    if facts.twins:
        pairs = ", ".join(f"{first} = {second}" for first, second in facts.twins[:_SHOWN])
        yield CHECK.finding(
            "tip",
            f"{len(facts.twins)} columns repeat another one in every row ({pairs}): they count twice.",
            repair="Keep one of each.",
            fault="unscaled_input",
            subject=facts.name,
            twins=[list(pair) for pair in facts.twins],
        )


def _empty_classes(target: TargetFacts) -> Iterator[Finding]:
    empty = [place for place, count in enumerate(target.counts) if count == 0]
    if empty:
        yield CHECK.finding(
            "tip",
            f"No row is of class {_places(empty)}, so that its unit can only learn to say no.",
            repair="Leave the class out, or add rows of it.",
            fault="imbalance",
            subject=target.name,
            classes=empty,
        )


def _places(places: tuple[int, ...] | list[int]) -> str:
    more = ", ..." if len(places) > _SHOWN else ""
    return ", ".join(map(str, places[:_SHOWN])) + more


CHECK = Check(
    code="TF202",
    title="Inputs that are missing, infinite, unknown to an embedding, constant or there twice",
    faults=("numeric", "unscaled_input", "imbalance"),
    stage="data",
    explanation=(
        "A network adds and multiplies everything it is given. One entry that is not a number makes the sum, the loss "
        "and then every weight NaN. Columns that never change, or that are there twice, do no such harm, but they say "
        "nothing and can break the scaling. An embedding is a list of vectors, one for each number from 0 on; a number "
        "beyond its end has none."
    ),
    repair="Fill or drop what is not a number, and give an embedding a row for every number.",
    thresholds=(Threshold("shown", _SHOWN, "columns", "how many are listed"),),
    judge=_judge,
)
