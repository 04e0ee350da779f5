"""A study as numbers and as words."""

from typing import Any

import numpy as np

from tenfold.checks.frozen import recognise_frozen
from tenfold.intervals import ScoreInterval
from tenfold.precision.frozen_losses import FrozenTraining
from tenfold.precision.heads import HeadComparison

__all__ = ["heads_as_numbers", "numbers_of", "table_of"]


def numbers_of(study: Any) -> dict[str, Any]:
    """What a `tenfold.precision.studying.Study` found, as dictionaries of numbers."""
    trip = study.trip
    return {
        "walls": {dtype: found.as_dict() for dtype, found in study.walls.items()},
        "round_trip": {
            "dtype": trip.dtype, "accurate_until": trip.accurate_until, "finite_until": trip.finite_until,
            "smallest_error": float(np.min(trip.errors[np.isfinite(trip.errors)])),
            "largest_error": float(np.max(trip.errors[np.isfinite(trip.errors)])),
        },
        "largest_errors": {dtype: _largest_errors(paths) for dtype, paths in study.right.items()},
        "heads": heads_as_numbers(study.heads),
        "starts": [heads_as_numbers(one) for one in study.starts],
        "frozen": [_frozen_as_numbers(one) for one in study.frozen],
    }  # fmt: skip


def heads_as_numbers(heads: HeadComparison) -> dict[str, Any]:
    """One comparison: scores a seed, means, differences with intervals."""
    ways = {
        name: {
            "accuracy": scores.accuracy, "loss": scores.loss, "beyond": scores.beyond,
            "largest_logit": scores.largest_logit, "last_training_loss": scores.curve[:, -1],
        }
        for name, scores in (("from_logits", heads.from_logits), ("probability", heads.probability))
    }  # fmt: skip
    differences = {name: _interval(heads.difference(name)) for name in ("accuracy", "loss")}
    about = ("task", "question", "start", "num_train", "num_test", "epochs")
    return {name: getattr(heads, name) for name in about} | ways | {"difference": differences}


def table_of(study: Any) -> str:
    """The study in a dozen lines, at most 100 characters wide."""
    trip, heads = study.trip, study.heads
    lines = ["binary crossentropy of a clipped probability", ""]
    lines.append(f"{'format':<10}{'lower':>10}{'upper':>10}{'ceiling':>10}{'floor':>12}   no gradient beyond")
    for dtype, found in study.walls.items():
        dead = f"{found.dead_below:.2f}, {found.dead_above:.2f}"
        walls = f"{found.lower:>10.3f}{found.upper:>10.3f}{found.ceiling:>10.4f}{found.floor:>12.4g}"
        lines.append(f"{dtype:<10}{walls}   {dead}")
    lines += [
        "",
        f"logit(sigmoid(x)) in float32: 1 % off from {trip.accurate_until:.4f}, infinite from {trip.finite_until:.4f}",
        "",
        f"{heads.question} ({heads.task}), {len(heads.from_logits.accuracy)} pairs, logits against probability:",
        f"  accuracy {_mean(heads, 'accuracy')}, difference {_words(heads.difference('accuracy'))}",
        f"  loss     {_mean(heads, 'loss')}, difference {_words(heads.difference('loss'))}",
        "",
        *(_start_line(one) for one in study.starts),
        "",
        *(_frozen_line(one) for one in study.frozen),
    ]
    return "\n".join(lines)


def _largest_errors(paths: Any) -> dict[str, Any]:
    """Largest relative errors over -40 to 40, label 1, and how many points have no finite value."""
    found: dict[str, Any] = {}
    for way in ("probability", "from_logits"):
        for quantity, errors in (("loss", paths.loss_errors(way)), ("gradient", paths.gradient_errors(way))):
            finite = errors[np.isfinite(errors)]
            found[f"{way}_{quantity}"] = {"largest": float(finite.max()), "not_finite": int(len(errors) - len(finite))}
    return found


def _frozen_as_numbers(one: FrozenTraining) -> dict[str, Any]:
    return {
        "name": one.name, "share": one.share, "num_frozen": int(one.is_frozen.sum()), "num_seeds": len(one.is_frozen),
        "last_loss": one.loss[:, -1], "last_val_loss": None if one.val_loss is None else one.val_loss[:, -1],
        "last_accuracy": one.accuracy[:, -1], "twin_last_loss": one.twin_loss[:, -1],
    }  # fmt: skip


def _interval(found: ScoreInterval) -> dict[str, float]:
    return {"mean": found.value, "low": found.low, "high": found.high}


def _words(found: ScoreInterval) -> str:
    return f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def _mean(heads: HeadComparison, score: str) -> str:
    return f"{getattr(heads.from_logits, score).mean():.4f} against {getattr(heads.probability, score).mean():.4f}"


def _start_line(one: HeadComparison) -> str:
    return f"start at {one.start:4.0f}: accuracy {_mean(one, 'accuracy')}"


def _frozen_line(one: FrozenTraining) -> str:
    stand = f"{one.name}: {int(one.is_frozen.sum())} of {len(one.is_frozen)} trainings stand still"
    last = float(one.loss[one.is_frozen][0, -1]) if one.is_frozen.any() else 0.0
    found = recognise_frozen(last, label_shares=(1 - one.share, one.share))
    return f"{stand} at {last:.4f} = {found.share:.5g} x {found.ceiling:.4f}" if found else stand
