"""From a question to the answer in its folder: the seven steps, then model, record, facts and report."""

import time
from dataclasses import replace
from pathlib import Path

from tenfold.answering.after_steps import Answer, Evaluation
from tenfold.answering.seven_steps import SevenSteps
from tenfold.answering.workbench import Workbench
from tenfold.model_folder.baseline import BASELINE, save_baseline
from tenfold.model_folder.forecasting import PATH, KeptPath, KeptPlan, save_plan
from tenfold.model_folder.network import save_model
from tenfold.model_folder.replay import keep_answers
from tenfold.progress import ProgressListener
from tenfold.question.posing import Question
from tenfold.report.audit.documents import render_documents
from tenfold.report.card import Card
from tenfold.report.decisions import Look, Protocol
from tenfold.report.facts import Facts, Paths, Source
from tenfold.report.facts import Run as RunFacts
from tenfold.report.page import render_report
from tenfold.report.verdict import with_verdict
from tenfold.run_facts.problem import measure_facts, problem_facts
from tenfold.run_facts.record import history_frame, prediction_frame, score_frame
from tenfold.run_facts.surroundings import command_of, machine_facts, reproducibility_facts
from tenfold.run_folder.folder import FACTS, REPORT, RunFolder
from tenfold.run_folder.hashes import hash_files
from tenfold.run_folder.ledger import count_sealed_looks, read_looks
from tenfold.writing import writing

__all__ = ["answer_question"]

RECORD = "record"


def answer_question(
    question: Question,
    folder: RunFolder,
    progress: ProgressListener,
    *,
    card: Card | None,
    card_file: str = "",
    began: float,
    read_at: str,
) -> Facts:
    """Take the seven steps and write what they found.

    Args:
        question: Steps 1 to 3.
        folder: Where everything goes.
        progress: Told of each step and training.
        card: What the author wrote of the data; None where nobody did.
        card_file: Where, if the user named the file.
        began: `time.perf_counter()` when the run began.
        read_at: When the table was read, ISO 8601 in UTC.

    Returns:
        All that was found; the folder is marked as finished.
    """
    bench = Workbench(question, folder, progress)
    taken, facts = SevenSteps(bench).take(_first_facts(question, folder, card, card_file, read_at))
    answer = Evaluation(bench, taken).finish(facts)
    return _write(question, folder, answer, time.perf_counter() - began)


def _first_facts(question: Question, folder: RunFolder, card: Card | None, card_file: str, read_at: str) -> Facts:
    """What is known before anything is trained."""
    source = question.table.source
    asked = folder.asked
    command = command_of(asked, source.format, card_file)
    table = Source(source.name, source.sha256, source.num_bytes, source.num_rows, source.num_columns, read_at)
    about = RunFacts(
        folder.path.name,
        command,
        table,
        folder.started,
        0.0,
        folder.versions,
        question.seed,
        question.budget.name,
        shows_rows=question.options.show_rows,
    )
    working, matters = question.rows.working, question.options.matters
    problem = problem_facts(question.problem, question.target, working)
    measure = measure_facts(question.measures, question.target, working)
    return Facts(
        about,
        replace(problem, unit=card.unit) if card else problem,
        replace(measure, matters=float(matters)) if matters else measure,
        machine=machine_facts(),
        reproducibility=reproducibility_facts(folder.path, question.problem),
        card=card,
    )


def _write(question: Question, folder: RunFolder, answer: Answer, seconds: float) -> Facts:
    """Write model, record, facts, documents and report, then mark the run as finished."""
    save_model(folder, answer.model, made_by=folder.versions)
    save_baseline(folder, answer.baseline, answer.model)
    if question.series is not None and answer.facts.forecast is not None:
        found = answer.facts.forecast
        path = answer.path
        kept = None if path is None else KeptPath(path.steps, path.keeps_trained, path.shifts)
        save_plan(folder, KeptPlan(question.series, found.network_range, found.baseline_range, kept))
        if path is not None:
            save_model(folder, path.model, made_by=folder.versions, place=PATH)
    _write_record(folder, question, answer)
    if question.options.show_rows:
        keep_answers(folder, answer.model, question.inputs.iloc[question.rows.working])
    protocol = answer.facts.protocol
    facts = with_verdict(
        replace(
            answer.facts,
            run=replace(answer.facts.run, seconds=seconds),
            protocol=protocol and _with_looks(folder, protocol, question.rows.sha256),
            paths=_paths(folder),
        )
    )
    for name, text in render_documents(facts).items():
        folder.write_text(name, text)
    facts = replace(facts, reproducibility=replace(facts.reproducibility, hashes=hash_files(folder.path)))
    folder.write_text(FACTS, facts.to_json())
    folder.write_text(REPORT, render_report(facts))
    folder.finish()
    return facts


def _write_record(folder: RunFolder, question: Question, answer: Answer) -> None:
    frames = {
        "scores": score_frame(answer.facts.models),
        "predictions": prediction_frame(question.problem, answer.rows, answer.predictions),
    }
    if answer.facts.curves is not None:
        frames["histories"] = history_frame(answer.facts.curves)
    for name, frame in frames.items():
        with writing(folder.path / RECORD / f"{name}.parquet") as temporary:
            frame.to_parquet(temporary, index=False)


def _with_looks(folder: RunFolder, protocol: Protocol, sealed_sha256: str) -> Protocol:
    """The protocol with the ledger's lines, and who else looked at the same sealed rows."""
    lines = read_looks(folder.ledger)
    looks = [Look(one.at, one.part, one.what, one.num_scores, number) for number, one in enumerate(lines, start=1)]
    own = count_sealed_looks(folder.ledger, sealed_sha256)
    others = [count_sealed_looks(ledger, sealed_sha256) for ledger in _other_ledgers(folder)]
    by = [own, *others] if own else []
    return replace(protocol, ledger=tuple(looks), sealed_looks=sum(by), sealed_runs=sum(one > 0 for one in by))


def _other_ledgers(folder: RunFolder) -> list[Path]:
    """Ledgers of the runs that lie beside this one."""
    path = folder.path.resolve()
    return sorted(one for one in path.parent.glob("*/ledger.jsonl") if one.parent != path)


def _paths(folder: RunFolder) -> Paths:
    """Where things are, as the user would type them."""
    path = folder.path
    return Paths(
        str(path),
        report=str(path / REPORT),
        facts=str(path / FACTS),
        model=str(path / "model"),
        baseline=str(path / BASELINE),
        predictions=str(path / RECORD / "predictions.parquet"),
    )
