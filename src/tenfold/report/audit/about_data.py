"""What a run can say of its data: the table, the target, gaps, what was left out, what looks strange.

Every function of the three pages `about_*` turns facts into one or a few sentences, and into nothing where the facts do
not tell: no filler.
"""

from tenfold.report.decisions import Column
from tenfold.report.facts import Facts
from tenfold.report.numbers import percent, significant
from tenfold.report.words import clean, counted, listed, named

__all__ = [
    "about_classes",
    "about_clusters",
    "about_columns",
    "about_columns_before",
    "about_exclusions",
    "about_flow",
    "about_legitimacy",
    "about_missing",
    "about_range",
    "about_table",
    "about_target",
    "suspects_of",
]

MOST_NAMES = 8
"""Names of columns in one sentence; the report's table has all. Arbitrary."""

OF_COLUMNS = "TF5"
"""How codes of findings about columns of the table begin; the others are about the network."""

SUSPICIOUS = ("TF501", "TF502", "TF503", "TF504")
"""Codes of findings that say a column may tell the target away."""


def about_table(facts: Facts) -> str:
    """Which file: name, size, hash."""
    source = facts.run.source
    size = f"{counted(source.num_rows, 'row')} and {counted(source.num_columns, 'column')}, {source.num_bytes:,} bytes"
    return f"{named(source.file)}, {size}, sha256 `{source.sha256}`."


def about_target(facts: Facts) -> str:
    """What is predicted and how it is distributed among the rows that were worked on."""
    problem = facts.problem
    parts = [problem.decision]
    if problem.class_counts:
        pairs = zip(problem.classes, problem.class_counts, strict=True)
        shown = [f"{named(label)} {rows:,}" for label, rows in list(pairs)[:MOST_NAMES]]
        more = len(problem.class_counts) - MOST_NAMES
        parts.append(f"Rows: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}.")
    if problem.distribution is not None:
        low, high = problem.distribution.edges[0], problem.distribution.edges[-1]
        parts.append(f"Its values lie from {significant(low, 4)} to {significant(high, 4)}.")
    if facts.card and facts.card.unit:
        parts.append(f"Unit: {clean(facts.card.unit)}.")
    return " ".join(part for part in parts if part)


def about_missing(facts: Facts) -> str:
    """Which columns have gaps, by class where there are classes."""
    prepared = facts.preparation
    if prepared is None:
        return ""
    gaps = sorted((one for one in prepared.columns if one.num_missing), key=lambda one: -one.num_missing)
    if not gaps:
        return "No column has a missing value."
    shown = [f"{named(one.name)} {one.num_missing:,}{_by_class(facts, one)}" for one in gaps[:MOST_NAMES]]
    more = f" and {len(gaps) - MOST_NAMES:,} more columns" if len(gaps) > MOST_NAMES else ""
    treated = next((one.treatment for one in gaps if one.treatment), "")
    how = f" A gap is not left out: {treated} (`{gaps[0].name}`)." if treated and gaps[0].treatment == treated else ""
    return f"Rows without a value: {', '.join(shown)}{more}.{how}"


def _by_class(facts: Facts, column: Column) -> str:
    if len(column.missing_by_class) != len(facts.problem.class_counts) or not column.missing_by_class:
        return ""
    classes = zip(facts.problem.classes, column.missing_by_class, facts.problem.class_counts, strict=True)
    return f" ({', '.join(f'{named(label)} {percent(part / (rows or 1))}' for label, part, rows in list(classes)[:4])})"


def about_exclusions(facts: Facts) -> str:
    """Rows and columns that were left out, with the reason."""
    parts = []
    if facts.problem.num_missing_target:
        parts.append(f"{facts.problem.num_missing_target:,} rows were left out: their target is missing.")
    dropped = [one for one in facts.preparation.columns if one.dropped] if facts.preparation else []
    parts += [f"{named(one.name)} was left out: {one.dropped}." for one in dropped[:MOST_NAMES]]
    if len(dropped) > MOST_NAMES:
        parts.append(f"{len(dropped) - MOST_NAMES:,} more columns were left out, each with its reason in the report.")
    return " ".join(parts) or "No row and no column was left out."


def about_range(facts: Facts) -> str:
    """Impossible, capped or repeated values that were found."""
    of_columns = [one for one in facts.findings if one.code.startswith(OF_COLUMNS) and one.code not in SUSPICIOUS]
    found = [one for one in of_columns if one.outcome == "finding"]
    if found:
        return " ".join(one.sentence for one in found[:MOST_NAMES])
    spikes = [
        f"{counted(one.num_rows, 'row')} lie exactly at {significant(one.value, 4)}" for one in facts.problem.spikes
    ]
    noted = f" {'; '.join(spikes)}." if spikes else ""
    return f"The checks of values found nothing to correct, and no value was changed.{noted}"


def about_columns(facts: Facts) -> str:
    """Which columns are used, with their ranges."""
    prepared = facts.preparation
    if prepared is None:
        return ""
    used = [one for one in prepared.columns if not one.dropped]
    return f"{counted(len(used), 'column')} in use: {_names(used)}. Their ranges are in the report, section Using it."


def _names(columns: list[Column]) -> str:
    more = len(columns) - MOST_NAMES
    shown = [named(one.name) for one in columns[:MOST_NAMES]]
    return ", ".join(shown) + f" and {more:,} more" if more > 0 else listed(shown)


def about_columns_before(facts: Facts) -> str:
    """How columns were chosen before training."""
    prepared = facts.preparation
    if prepared is None:
        return ""
    dropped = sum(bool(one.dropped) for one in prepared.columns)
    taken = f"All {counted(len(prepared.columns), 'column')} of the table were taken"
    return f"{taken}, {dropped:,} left out by rules that do not look at the target, none chosen by its link with it."


def suspects_of(facts: Facts) -> list[str]:
    """Sentences of the findings that say a column may tell the target away."""
    return [one.sentence for one in facts.findings if one.outcome == "finding" and one.code in SUSPICIOUS]


def about_legitimacy(facts: Facts) -> str:
    """Columns that may tell the target away."""
    found = suspects_of(facts)
    if facts.preparation is None:
        return ""
    if not found:
        return "No column was found that alone tells the target, copies it, or is filled in only after the fact."
    return " ".join(found)


def about_clusters(facts: Facts) -> str:
    """Repeated rows, groups, order in time."""
    protocol, prepared = facts.protocol, facts.preparation
    if protocol is None:
        return ""
    repeated = prepared.num_repeated if prepared else 0
    same = f" {counted(repeated, 'row')} repeat another and stay on its side of every split." if repeated else ""
    return f"{protocol.drawn[:1].upper()}{protocol.drawn[1:]}.{same}"


def about_classes(facts: Facts) -> str:
    """What was done about rare classes."""
    problem = facts.problem
    if not problem.class_counts:
        return "The target is a number: there are no classes."
    total, fewest = sum(problem.class_counts), min(problem.class_counts)
    rare = named(problem.classes[problem.class_counts.index(fewest)])
    share = percent(fewest / total)
    return (
        f"{rare} is the rarest class, {share} of the rows. Rows were neither copied nor left out nor weighted; splits "
        f"keep the shares of the classes, and the measure was chosen with them in view: {facts.measure.because}"
    )


def about_flow(facts: Facts) -> str:
    """From the rows of the file to the rows that were scored."""
    protocol, source = facts.protocol, facts.run.source
    if protocol is None:
        return ""
    lost = facts.problem.num_missing_target
    without = f", {lost:,} without a target" if lost else ""
    worked = f"{protocol.num_working:,} worked on, {protocol.num_scored:,} of them predicted out of fold"
    rows = counted(source.num_rows, "row")
    return f"{rows} in the file{without}; {worked}; {protocol.num_sealed:,} sealed. Figure: section 3 of the report."
