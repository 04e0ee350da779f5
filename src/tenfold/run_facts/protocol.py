"""Step 3 as facts: who is trained on what and scored on what, and why."""

from collections.abc import Sequence

from tenfold.report import decisions
from tenfold.split import Protocol, SealedRows

__all__ = ["protocol_facts"]


def protocol_facts(
    protocol: Protocol,
    rows: SealedRows,
    folds: Sequence[decisions.FoldRows],
    num_seeds: int,
    kept_together: str = "",
) -> decisions.Protocol:
    """Step 3.

    Args:
        protocol: From `choose_protocol`.
        rows: Working and sealed rows.
        folds: Rows in each part of the first repeat.
        num_seeds: Seeds of each outer fold.
        kept_together: What is never parted, as a phrase; empty where every row goes its own way.

    Returns:
        The facts, without the ledger.
    """
    because = f"{protocol.because[0].upper()}{protocol.because[1:]}."
    if kept_together:
        because += f" On one side of every split: {kept_together}."
    return decisions.Protocol(
        protocol.kind,
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
        tuple(folds),
        num_seeds=num_seeds,
        num_inner_folds=protocol.num_inner_folds,
        decision=f"{len(rows.sealed):,} rows sealed; {len(rows.working):,} to work on: {_protocol_in_words(protocol)}.",
        drawn=f"kept together: {kept_together}" if kept_together else decisions.Protocol.drawn,
        because=because,
        alternatives=_other_protocols(protocol),
    )


def _protocol_in_words(protocol: Protocol) -> str:
    if protocol.kind == "hold_out":
        return "a fifth held out, and a fifth of the rest inside"
    again = f", dealt {protocol.num_repeats} times" if protocol.num_repeats > 1 else ""
    return f"{protocol.num_folds} folds{again}, {protocol.num_inner_folds} inner folds in each"


def _other_protocols(protocol: Protocol) -> tuple[str, ...]:
    groups = "Rows were not kept together by group nor in order of time: no column was named for it."
    return (
        (groups,)
        if protocol.kind != "hold_out"
        else (groups, "K-fold was not taken: it would cost five times as much.")
    )
