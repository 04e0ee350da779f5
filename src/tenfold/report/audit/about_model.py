"""What a run can say of its making: software, machine, preparation, network, choices, and how it is used."""

import math

from tenfold.report.facts import Facts
from tenfold.report.next_step import predict_command
from tenfold.report.numbers import significant
from tenfold.report.phrases import unit_of
from tenfold.report.standing import standing_of
from tenfold.report.words import clean, counted, listed, named, setting_words

__all__ = [
    "about_baselines",
    "about_calibration",
    "about_choice",
    "about_fitting",
    "about_machine",
    "about_model",
    "about_output",
    "about_preparation",
    "about_repeating",
    "about_software",
    "about_splits",
    "about_tuning",
    "about_using",
]


def about_software(facts: Facts) -> str:
    """Versions of everything that decides the numbers, and the command."""
    versions = ", ".join(f"{name} {version}" for name, version in facts.run.versions.items())
    return f"{versions}; seed {facts.run.seed}; command `{clean(facts.run.command)}`."


def about_machine(facts: Facts) -> str:
    """Machine, precision, time."""
    machine = facts.machine
    if machine is None:
        return ""
    cores = counted(machine.num_cores, "core")
    memory = f"{machine.memory_gib:.0f} GiB of memory, " if math.isfinite(machine.memory_gib) else ""
    place = f"{machine.system}, {cores} of {machine.processor}, {memory}{machine.devices}, {machine.precision}"
    return f"{place}; the run took {significant(facts.run.seconds)} s."


def about_repeating(facts: Facts) -> str:
    """What to type to get the numbers again, and what to expect."""
    repeat = facts.reproducibility
    verify = f" `{repeat.verify}` checks the files against what the run wrote." if repeat.verify else ""
    again = f" Repeating: {repeat.again}." if repeat.again else ""
    return f"`{clean(facts.run.command)}` makes every number of the run again.{verify}{again}"


def about_preparation(facts: Facts) -> str:
    """From columns to inputs."""
    prepared = facts.preparation
    if prepared is None:
        return ""
    treatments = list(dict.fromkeys(one.treatment for one in prepared.columns if one.treatment))
    how = f" {_opened(treatments[:4])}." if treatments else ""
    return f"{prepared.decision} {prepared.because}{how}".strip()


def _opened(phrases: list[str]) -> str:
    text = "; ".join(phrases)
    return text[:1].upper() + text[1:]


def about_model(facts: Facts) -> str:
    """The network that was taken, in size and shape."""
    standing = standing_of(facts)
    if standing is None:
        return ""
    parameters = standing.network.num_parameters
    size = f", {counted(parameters, 'trainable parameter')}" if parameters else ""
    output = f"; last layer: {facts.problem.output}, loss: {facts.problem.loss}" if facts.problem.output else ""
    inputs = f" It takes {counted(facts.preparation.num_inputs, 'input')}" if facts.preparation else " It takes inputs"
    saved = f" The whole network is saved in {named(facts.paths.model)}." if facts.paths and facts.paths.model else ""
    return f"{standing.network.name[:1].upper()}{standing.network.name[1:]}{size}.{inputs}{output}.{saved}"


def about_choice(facts: Facts) -> str:
    """How size and settings were chosen, and on which rows."""
    parts = [facts.capacity.decision if facts.capacity else "", facts.tuning.decision if facts.tuning else ""]
    if facts.protocol and facts.protocol.num_inner_folds:
        folds = counted(facts.protocol.num_inner_folds, "inner fold")
        parts.append(f"Epoch, size and settings are chosen on {folds} inside the training rows of each outer fold.")
    return " ".join(part for part in parts if part)


def about_tuning(facts: Facts) -> str:
    """The search space, how much was tried, and what the choice flattered."""
    tuning = facts.tuning
    if tuning is None:
        return ""
    names = sorted({name for trial in tuning.trials for name in trial.settings})
    networks = {trial.network for trial in tuning.trials if trial.number != tuning.untuned}
    kinds = [f"{len(networks)} kinds of network"] if len(networks) > 1 else []
    searched = f" over {listed([*kinds, *map(setting_words, names)])}" if names or kinds else ""
    tried = f"{counted(len(tuning.trials), 'trial')}{searched}; every trial is in the report and in the run folder."
    if not (math.isfinite(tuning.inner) and math.isfinite(tuning.outer)):
        return tried
    inner, outer = significant(tuning.inner, 3), significant(tuning.outer, 3)
    return f"{tried} The chosen one scored {inner} inside and {outer} outside."


def about_splits(facts: Facts) -> str:
    """Who was trained on what and scored on what."""
    protocol = facts.protocol
    return f"{protocol.decision} {protocol.because}".strip() if protocol else ""


def about_baselines(facts: Facts) -> str:
    """What the network was compared with."""
    rivals = [one.words for one in facts.models if one.role != "network"]
    if not rivals:
        return ""
    return (
        f"On the same folds: {listed(rivals)}. Each simple model chooses its strength of regularisation inside the "
        "training rows; the best of them on the scored folds is the one to beat, which is least kind to the network."
    )


def about_fitting(facts: Facts) -> str:
    """That nothing was fitted on rows that score."""
    if facts.preparation is None:
        return ""
    sealed = f" The {facts.protocol.num_sealed:,} sealed rows took no part at all." if facts.protocol else ""
    return (
        "Fitted on the training rows of each fold only: medians, quartiles, levels and words of the preparation, scale "
        f"of the target, weights, epoch, size, settings.{sealed}"
    )


def about_calibration(facts: Facts) -> str:
    """Whether and how probabilities were put right."""
    found = facts.calibration
    if found is None:
        return "The network was not updated after its evaluation."
    slope = significant(found.slope, 3) if math.isfinite(found.slope) else "not known"
    now = f"slope {slope}, Brier score {significant(found.brier, 3)} against {significant(found.brier_no_skill, 3)}"
    if not math.isfinite(found.brier_before):
        return f"The network was not updated after its evaluation; its probabilities have {now} without the columns."
    return f"Probabilities were put right on out-of-fold rows ({found.method}): {now} without the columns."


def about_output(facts: Facts) -> str:
    """What the network answers."""
    problem = facts.problem
    if problem.kind == "two_classes":
        return (
            f"The probability of {named(problem.positive)}, 0 to 1. It is named where that exceeds 0.5; no threshold "
            "was tuned, and none is part of the score unless the measure counts right classes."
        )
    if problem.kind == "several_labels":
        return "A probability for each label on its own, 0 to 1; no threshold was tuned."
    if problem.classes:
        return "A probability for each class, 0 to 1; the class with the largest is named."
    unit = unit_of(facts)
    return f"A number{f' ({unit})' if unit else ''}, without groups of risk and without a threshold."


def about_using(facts: Facts) -> str:
    """How predictions are made, and what happens with missing or strange input."""
    command = predict_command(facts)
    return (
        f"`{command}`. A missing value is filled and marked as in training, an unknown category counts as rare, a "
        "number outside the range seen is clipped softly; all three are counted and said."
    )
