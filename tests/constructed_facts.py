"""Constructed facts: a number to predict (houses) and two classes (churn), with the numbers of the plan's samples.

Nothing here was measured. The evidence is drawn once with fixed seeds; scores and intervals are set by hand, so that
the sentences under test can be read beside the plan.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.report.card import Card
from tenfold.report.decisions import (
    Column,
    FoldRows,
    Look,
    Measure,
    Preparation,
    Problem,
    Protocol,
    Spike,
)
from tenfold.report.error_facts import class_errors, number_errors
from tenfold.report.evidence import (
    Capacity,
    ClassErrors,
    Curve,
    Difference,
    Histogram,
    Interval,
    Leak,
    LearningCurves,
    MemberScore,
    Model,
    NumberErrors,
    Rung,
    SealedResult,
    Trial,
    Tuning,
)
from tenfold.report.facts import Facts, Finding, Machine, Paths, Reproducibility, Run, Source, Work
from tenfold.report.forecast import ErrorRange, Forecast, Phase
from tenfold.report.probing import Calibration, CalibrationBin, ColumnImportance, Importance

VERSIONS = {
    "tenfold": "0.1.0",
    "keras": "3.15.1",
    "jax": "0.10.2",
    "numpy": "2.4.0",
    "scikit-learn": "1.9.0",
    "pandas": "3.1.0",
    "python": "3.11.7",
}


def member_scores(mean: float, spread: float, num_seeds: int, seed: int) -> tuple[MemberScore, ...]:
    """Five folds, fold effects shared by all models, a little noise per seed; the mean is exact."""
    folds = np.random.default_rng(0).normal(size=(5, 1)) * spread
    noise = np.random.default_rng(seed).normal(size=(5, num_seeds)) * spread / 3
    scores = folds + noise
    scores += mean - scores.mean()
    return tuple(MemberScore(int(f), int(s), float(score)) for (f, s), score in np.ndenumerate(scores))


def model(
    name: str, words: str, role: str, interval: tuple[float, float, float], *, num_seeds: int = 1, **more: float
) -> Model:
    """A model whose interval is set by hand."""
    spread = (interval[2] - interval[1]) / 3.7
    return Model(
        name, words, role, member_scores(interval[0], spread, num_seeds, len(name)), Interval(*interval), **more
    )


def histogram(values: np.ndarray, num_bins: int = 20) -> Histogram:
    counts, edges = np.histogram(values, bins=num_bins)
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))


def losses(width: int, fold: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Training and validation loss of one member: the wider, the sooner it turns."""
    rng = np.random.default_rng((width, fold, seed))
    epochs = np.arange(100)
    speed, floor = 0.02 + 0.012 * np.log2(width), 0.5 / np.sqrt(width)
    training = floor + (1 - floor) * np.exp(-epochs * speed) + rng.normal(size=100) * 0.006
    turn = 0.0004 * np.sqrt(width) * np.maximum(0, epochs - 250 / np.sqrt(width))
    validation = 0.18 + 0.05 * fold / 5 + 0.9 * np.exp(-epochs * speed) + turn + rng.normal(size=100) * 0.012
    return training.round(4), validation.round(4)


def curves(width: int, folds: Sequence[int] = range(5), num_seeds: int = 1) -> LearningCurves:
    members = []
    for fold in folds:
        for seed in range(num_seeds):
            training, validation = losses(width, fold, seed)
            best = int(np.argmin(validation))
            stop = min(100, best + 21)
            kept = (tuple(map(float, training[:stop])), tuple(map(float, validation[:stop])))
            outcome = "stopped_early" if stop < 100 else "ran"
            members.append(Curve(fold, seed, *kept, best_epoch=best + 1, outcome=outcome))
    return LearningCurves(
        f"network {width}-{width}, inner folds", "mean squared error of the scaled target", tuple(members)
    )


def capacity() -> Capacity:
    rungs = []
    for width in (8, 16, 32, 64, 128):
        training, validation, best, turned = [], [], [], 0
        for fold in range(5):
            for seed in range(3):
                train, held = losses(width, fold, seed)
                training.append(MemberScore(fold, seed, float(train[-1])))
                validation.append(MemberScore(fold, seed, float(held.min())))
                best.append(int(np.argmin(held)) + 1)
                turned += int(held[-10:].mean() > held.min() + 0.02)
        parameters = 13 * width + width + width * width + width + width + 1
        rungs.append(Rung(f"{width}-{width}", parameters, tuple(training), tuple(validation), tuple(best), turned))
    return Capacity(
        tuple(rungs),
        chosen="64-64",
        overfits_from="64-64",
        loss="mean squared error of the scaled target",
        decision="Two hidden layers of 64 units: the smallest network that overfits.",
        because="Its validation loss turned up again in 13 of 15 trainings while the training loss still fell.",
    )


def tuning() -> Tuning:
    rng = np.random.default_rng(5)
    trials = []
    for number in range(24):
        center = 2.21 if number == 17 else 2.30 + 0.5 * rng.random()
        settings = {
            "optimizer.learning_rate": float(np.round(10 ** rng.uniform(-3.5, -2), 5)),
            "dropout.rate": float(np.round(rng.choice([0.0, 0.1, 0.2, 0.3]), 2)),
            "kernel_regularizer.l2": float(rng.choice([0.0, 1e-5, 1e-4])),
        }
        trials.append(Trial(number, settings, Interval(center, center - 0.16, center + 0.16)))
    return Tuning(
        tuple(trials),
        chosen=17,
        untuned=0,
        inner=2.21,
        outer=2.31,
        decision="Dropout 0.1 and a learning rate of 0.0021: trial 17 of 24.",
        because="Its inner score is best on average over the folds that choose.",
    )


def house_errors() -> NumberErrors:
    rng = np.random.default_rng(3)
    actual = np.clip(rng.lognormal(3.0, 0.4, size=405), 5, 50).round(1)
    actual[:16] = 50.0
    predicted = actual + rng.laplace(0, 2.0, size=405) - 0.08 * (actual - 22)
    rows = np.arange(1, 406)
    cells = {int(row): {"rm": "8.78", "lstat": "2.97", "crim": "5.66"} for row in rows}
    found = number_errors(actual, predicted, rows, cells_of=cells)
    return replace(found, half_under=1.6, nine_in_ten_under=4.9)


def house_columns() -> tuple[Column, ...]:
    rng = np.random.default_rng(1)
    spread = {"crim": rng.lognormal(-1, 2, 405), "rm": rng.normal(6.3, 0.7, 405), "lstat": rng.lognormal(2.4, 0.5, 405)}
    numbers = [
        Column(
            name,
            "number",
            num_distinct=len(np.unique(values)),
            quartiles=tuple(float(np.quantile(values, part)) for part in (0.25, 0.5, 0.75)),
            treatment="scaled to mean 0 and spread 1",
            low=float(values.min()),
            high=float(values.max()),
            distribution=replace(histogram(values, 16), target_means=tuple(map(float, np.linspace(15, 31, 16)))),
        )
        for name, values in spread.items()
    ]
    river = Column(
        "chas",
        "yes_no",
        num_missing=12,
        num_distinct=2,
        num_inputs=2,
        treatment="0 or 1, gaps marked",
        values=("0", "1"),
        value_counts=(370, 23),
        value_target_means=(22.1, 28.4),
        missing_target_mean=21.0,
    )
    number_plate = Column(
        "id", "identifier", num_distinct=405, num_inputs=0, dropped="identifier: a different value in every row"
    )
    return (*numbers, river, number_plate)


def house_importance() -> Importance:
    """Two columns that matter, two that do not."""
    losses = {"lstat": (2.1, 1.7, 2.5), "rm": (1.4, 1.1, 1.7), "crim": (0.03, -0.02, 0.08), "chas": (0.0, -0.03, 0.03)}
    columns = tuple(ColumnImportance(name, Interval(*loss)) for name, loss in losses.items())
    return Importance(columns, noise=Interval(0.0, -0.04, 0.05), num_shuffles=5, num_members=15)


def churn_calibration() -> Calibration:
    """Ten groups of 160 rows; the highest one is too sure of itself."""
    bins = []
    for place in range(10):
        predicted = 0.01 + 0.035 * place
        observed = predicted * (0.7 if place == 9 else 1.0)
        ends = (max(0.0, observed - 0.04), observed + 0.04)
        bins.append(CalibrationBin(predicted - 0.01, predicted + 0.02, predicted, Interval(observed, *ends), 160))
    return Calibration(
        "`churn` = `yes`", tuple(bins), 0.96, 0.02, 0.0921, 0.1056, 0.0973, 0.71, -0.2, tuple(bins),
        method="logits divided by 1.31",
    )  # fmt: skip


def author_card() -> Card:
    """A card with some answers."""
    return Card(
        population="adults of one town", purpose="to call those who may leave", source="https://example.org/churn"
    )


def houses_facts(**changes: object) -> Facts:
    """A finished run on house prices, verdict `beats`, as in the plan's first sample."""
    source = Source("houses.csv", "3f1c" + "0" * 58 + "a9", 49082, 506, 14, "2026-11-20T16:41:05Z")
    run = Run(
        "houses-run",
        "tenfold run houses.csv --target price --seed 0 --budget standard",
        source,
        "2026-11-20T16:41:05Z",
        46.1,
        VERSIONS,
    )
    prices = np.clip(np.random.default_rng(3).lognormal(3.0, 0.4, size=405), 5, 50)
    prices[:16] = 50.0
    problem = Problem(
        "number",
        "price",
        "`price` is a number, 5.0 to 50.0: one linear unit, mean squared error.",
        "It has 229 different values with decimals.",
        output="one linear unit",
        loss="mean squared error",
        unit="thousand dollars",
        distribution=histogram(prices, 24),
        spikes=(Spike(50.0, 16, "highest"),),
        alternatives=("A logarithm of the target was not taken: its values span less than a factor of 100.",),
    )
    measure = Measure(
        "mae",
        "mean absolute error",
        "MAE",
        "lower",
        decision="Mean absolute error, in the unit of `price`.",
        because="It is read without statistics: by how much a prediction is off.",
    )
    looks = (
        Look("2026-11-20T16:41:08Z", "inner", "5 baselines on 4 inner folds", 20, 1),
        Look("2026-11-20T16:41:40Z", "inner", "345 networks", 345, 2),
        Look("2026-11-20T16:42:02Z", "outer", "the network and 3 baselines on 5 folds", 30, 3),
        Look("2026-11-20T16:42:10Z", "sealed", "the final network", 1, 4),
    )
    protocol = Protocol(
        "k_fold",
        405,
        101,
        "77be" + "0" * 58 + "01",
        tuple(FoldRows(fold, 324, 81) for fold in range(5)),
        num_seeds=3,
        num_inner_folds=4,
        sealed_looks=1,
        sealed_runs=1,
        decision="101 rows sealed; 405 to work on: 5 folds, 3 seeds, 4 inner folds.",
        because="With 506 rows one split alone would move the score by as much as the models differ.",
        ledger=looks,
    )
    network = model(
        "network 64-64",
        "the network",
        "network",
        (2.31, 2.05, 2.57),
        num_seeds=3,
        fold_spread=0.21,
        seed_spread=0.1,
        seconds=1.9,
        num_parameters=5121,
        num_bytes=83_000,
    )
    trees = model(
        "boosted trees", "gradient-boosted trees", "baseline", (2.58, 2.28, 2.88), seconds=2.0, num_bytes=410_000
    )
    linear = model("linear", "linear regression", "baseline", (3.39, 3.06, 3.72), seconds=0.03, num_bytes=2_000)
    mean = model("mean", "the mean of `price`", "guess", (6.64, 6.01, 7.27), seconds=0.0)
    differences = (
        Difference("network 64-64", "boosted trees", Interval(0.27, 0.08, 0.46), 14, 15),
        Difference("network 64-64", "linear", Interval(1.08, 0.85, 1.31), 15, 15),
        Difference("network 64-64", "mean", Interval(4.33, 3.8, 4.86), 15, 15),
        Difference("boosted trees", "mean", Interval(4.06, 3.5, 4.62), 5, 5),
    )
    facts = Facts(
        run=run,
        problem=problem,
        measure=measure,
        protocol=protocol,
        preparation=Preparation(
            house_columns(),
            5,
            "4 of 5 columns become 5 inputs; `id` is left out.",
            "Everything is fitted on the training rows of each fold.",
            num_rows=405,
            num_repeated=2,
            target_mean=22.5,
            target_mean_of="mean of `price`",
        ),
        importance=house_importance(),
        models=(network, trees, linear, mean),
        differences=differences,
        baseline_decision="Gradient-boosted trees are the one to beat.",
        capacity=capacity(),
        curves=curves(64),
        tuning=tuning(),
        sealed=SealedResult(101, 2.40, Interval(2.31, 1.86, 2.76), rival=2.61),
        errors=house_errors(),
        findings=(
            Finding(
                "TF508",
                "finding",
                "`price` stops at 50.0: 16 rows (4 %) lie exactly there.",
                hint="Errors above 50 are not measured; see step 1.",
                numbers={"rows at the highest value": 16.0, "share": 0.0395},
            ),
            Finding("TF101", "passed", "", title="The last layer fits the target"),
            Finding("TF201", "passed", "", title="Inputs are scaled"),
            Finding("TF209", "not_applicable", "", hint="the target is a number", title="Classes are balanced"),
            Finding("TF303", "skipped", "", hint="only a probe training shows it", title="Dead units"),
        ),
        work=Work(345, 23, num_stopped_early=280, num_nonfinite=3, num_settings=60, compile_seconds=11.0, peak_gib=0.9),
        machine=Machine(
            "Linux x86-64",
            "AMD Zen 5",
            2,
            24.0,
            choices=("convolutions lowered", "members by map (probe: 7.7 ms against 9.8)"),
        ),
        paths=Paths(
            "houses-run",
            "houses-run/report.html",
            "houses-run/facts.json",
            "houses-run/model/model.keras",
            "houses-run/model/baseline",
        ),
        reproducibility=Reproducibility(
            changed=("head and loss fused (logits); see step 1",),
            again="same command, same machine: same numbers (tested) · other machine: last digits may differ",
            unknown=("energy not measured",),
            hashes={"record/scores.parquet": "ab" * 32, "model/model.keras": "cd" * 32},
        ),
    )
    return replace(facts, **changes)


def churn_errors() -> ClassErrors:
    rng = np.random.default_rng(9)
    actual = (rng.random(1600) < 0.12).astype(np.int64)
    odds = -2.6 + 1.9 * actual + rng.normal(0, 1.0, 1600)
    share = 1 / (1 + np.exp(-odds))
    rival = 1 / (1 + np.exp(-(odds + rng.normal(0, 0.8, 1600))))
    tables = [np.stack([1 - one, one], axis=1) for one in (share, rival)]
    return class_errors(actual, tables[0], np.arange(1, 1601), ("no", "yes"), rival=tables[1])


def churn_facts(**changes: object) -> Facts:
    """A finished run on two classes, measured by average precision."""
    facts = houses_facts()
    network = model(
        "network 32", "the network", "network", (0.41, 0.36, 0.46), num_seeds=3, seed_spread=0.012, seconds=1.1
    )
    logistic = model("logistic", "logistic regression", "baseline", (0.35, 0.30, 0.40), seconds=0.2)
    trees = model("boosted trees", "gradient-boosted trees", "baseline", (0.33, 0.28, 0.38), seconds=0.9)
    guess = model("always `no`", "always guessing `no`", "guess", (0.12, 0.119, 0.121), seconds=0.0)
    differences = (
        Difference("network 32", "logistic", Interval(0.06, 0.02, 0.10), 13, 15),
        Difference("network 32", "boosted trees", Interval(0.08, 0.03, 0.13), 14, 15),
        Difference("network 32", "always `no`", Interval(0.29, 0.24, 0.34), 15, 15),
        Difference("logistic", "always `no`", Interval(0.23, 0.18, 0.28), 5, 5),
    )
    found = replace(
        facts,
        run=replace(
            facts.run,
            name="churn-run",
            command="tenfold run churn.csv --target churn",
            source=replace(facts.run.source, file="churn.csv", num_rows=2000),
        ),
        problem=Problem(
            "two_classes",
            "churn",
            "`churn` is `no` or `yes`: one sigmoid unit, crossentropy.",
            "It has two different values.",
            classes=("no", "yes"),
            class_counts=(1408, 192),
            positive="yes",
        ),
        measure=Measure(
            "average_precision",
            "average precision",
            "AP",
            "higher",
            no_skill=0.12,
            no_skill_words="a random order",
            decision="Average precision.",
            because="Only 12 % of the rows are `yes`, so accuracy would flatter a model that finds none.",
        ),
        protocol=replace(
            facts.protocol,
            num_working=1600,
            num_sealed=400,
            folds=tuple(FoldRows(fold, 1280, 320) for fold in range(5)),
        ),
        models=(network, logistic, trees, guess),
        differences=differences,
        baseline_decision="Logistic regression is the one to beat.",
        sealed=SealedResult(400, 0.40, Interval(0.41, 0.31, 0.51), rival=0.34),
        errors=churn_errors(),
        calibration=churn_calibration(),
        importance=None,
        card=author_card(),
        tuning=None,
        findings=(),
        paths=Paths("churn-run", "churn-run/report.html"),
    )
    return replace(found, **changes)


def one_of_each_code() -> dict[str, Facts]:
    """One constructed run for each verdict code, with the plan's numbers where it has a sample."""
    houses, churn = houses_facts(), churn_facts()
    _network, _trees, _linear, _mean = houses.models

    def rivals(facts: Facts, **of_rival: tuple[float, float, float]) -> Facts:
        names = {name.replace("_", " "): interval for name, interval in of_rival.items()}
        return replace(
            facts,
            differences=tuple(
                replace(found, interval=Interval(*names[found.rival]), pairs_won=8)
                if found.rival in names and found.model.startswith("network")
                else found
                for found in facts.differences
            ),
        )

    def scoring(facts: Facts, value: float, low: float, high: float) -> Facts:
        changed = replace(facts.models[0], score=Interval(value, low, high))
        return replace(facts, models=(changed, *facts.models[1:]))

    unclear = rivals(scoring(houses, 2.50, 2.2, 2.8), boosted_trees=(0.08, -0.12, 0.28))
    worse = rivals(scoring(houses, 2.81, 2.5, 3.1), boosted_trees=(-0.23, -0.41, -0.05))
    few = replace(
        scoring(churn, 0.71, 0.45, 0.90),
        measure=replace(churn.measure, key="roc_auc", name="ROC AUC", short="ROC AUC"),
        models=(
            replace(churn.models[0], score=Interval(0.71, 0.45, 0.90)),
            replace(churn.models[1], score=Interval(0.68, 0.5, 0.86)),
            replace(churn.models[3], score=Interval(0.50, 0.5, 0.5), words="guessing"),
        ),
        differences=(
            Difference("network 32", "logistic", Interval(0.03, -0.1, 0.16), 3, 5),
            Difference("network 32", "always `no`", Interval(0.21, -0.05, 0.47), 4, 5),
            Difference("logistic", "always `no`", Interval(0.18, 0.0, 0.36), 4, 5),
        ),
        problem=replace(churn.problem, class_counts=(35, 9)),
        protocol=replace(churn.protocol, num_working=44, num_sealed=11, sealed_looks=0),
        sealed=None,
    )
    nothing = replace(
        churn,
        models=tuple(
            replace(one, score=Interval(value, value - 0.01, value + 0.01))
            for one, value in zip(churn.models, (0.125, 0.122, 0.121, 0.12), strict=True)
        ),
        differences=(
            Difference("network 32", "logistic", Interval(0.003, -0.01, 0.016), 8, 15),
            Difference("network 32", "always `no`", Interval(0.005, -0.01, 0.019), 8, 15),
            Difference("logistic", "always `no`", Interval(0.002, -0.01, 0.014), 3, 5),
        ),
    )
    leak = Leak(
        "boat",
        alone=0.97,
        with_it=0.98,
        without=Interval(0.87, 0.84, 0.90),
        rival_without=0.86,
        evidence="`boat` is filled in for 97 % of `survived` = 1 and 1 % of the others.",
    )
    return {
        "unfinished": replace(
            houses,
            run=replace(houses.run, finished=False, step=6, seconds=21.0),
            protocol=replace(houses.protocol, sealed_looks=0),
            models=(),
            differences=(),
            sealed=None,
        ),
        "leak": replace(
            few, leak=leak, problem=replace(few.problem, target="survived", class_counts=(500, 300)), models=few.models
        ),
        "nothing": nothing,
        "too_little": few,
        "disagrees": replace(houses, sealed=SealedResult(101, 3.6, Interval(2.31, 1.86, 2.76))),
        "worse": worse,
        "same": replace(
            rivals(unclear, boosted_trees=(0.02, -0.05, 0.09)), measure=replace(houses.measure, matters=0.1)
        ),
        "unclear": unclear,
        "beats_little": replace(houses, measure=replace(houses.measure, matters=0.4)),
        "beats": houses,
    }


DAY = 19_723.0
"""2024-01-01, in days since 1970."""

PHASES = tuple(Phase(f"{hour:02}", 1.0 + hour / 10, 2.0, 30) for hour in range(24))
FORECAST = Forecast(
    "1 day", "", "days", tuple(DAY + hour / 24 for hour in range(48)),
    (1.0, 3.0) * 24, (1.5, 3.5) * 24, (3.0, 5.0) * 24,
    "last value", "the last value", "hour of the day", PHASES, ErrorRange(-1.0, 2.0), ErrorRange(-3.0, 3.0),
    ("One series of 900 steps of 1 hour.",), 0.78,
)  # fmt: skip
"""Two days of hours, a day ahead."""
