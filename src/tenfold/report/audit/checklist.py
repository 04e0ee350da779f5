"""A reporting checklist with three states: answered from the run, answered in part, left to the author.

An item is answered by what the run recorded and by what the author wrote in `card.toml`. What neither can answer is
printed as a question, never as filler text.

Source of the states: SurvStudio's TRIPOD+AI table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tenfold.report.card import Card
from tenfold.report.facts import Facts
from tenfold.report.words import clean

__all__ = ["Checklist", "Item", "Question", "Topic", "fill_checklist"]

State: TypeAlias = Literal["answered", "in part", "for you"]

Topic: TypeAlias = Callable[[Facts], str]
"""What a run can say of one topic: sentences, or nothing."""


@dataclass(frozen=True)
class Question:
    """One item of a checklist, and who can answer it.

    Args:
        number: As in the checklist, "12b".
        asks: What it asks for, shortened.
        answers: What the run says, each from the facts; empty where it knows nothing.
        left: What only the author can add, a question; empty where the run can answer alone.
        card: Answers of the author's card that fill in what is left.
    """

    number: str
    asks: str
    answers: tuple[Topic, ...] = ()
    left: str = ""
    card: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One item as it is printed.

    Args:
        number: "12b".
        asks: What it asks for.
        state: Who answered it.
        text: What is known.
        question: What is left to the author.
    """

    number: str
    asks: str
    state: State
    text: str
    question: str


@dataclass(frozen=True)
class Checklist:
    """A checklist, filled as far as it can be.

    Args:
        name: "REFORMS".
        source: Where it comes from.
        items: In its own order.
    """

    name: str
    source: str
    items: tuple[Item, ...]

    @property
    def summary(self) -> str:
        """How far it is filled: "REFORMS: 20 of 32 answered, 7 in part, 5 for you"."""
        states = [item.state for item in self.items]
        parts = [f"{states.count('answered')} of {len(states)} answered"]
        parts += [f"{states.count(state)} {state}" for state in ("in part", "for you") if state in states]
        return f"{self.name}: {', '.join(parts)}"


def fill_checklist(name: str, source: str, questions: Sequence[Question], facts: Facts) -> Checklist:
    """Answer what can be answered.

    Args:
        name: Of the checklist.
        source: Where it comes from.
        questions: Its items.
        facts: What the run found, the author's card among it.

    Returns:
        The checklist.
    """
    return Checklist(name, source, tuple(_item(question, facts) for question in questions))


def _item(question: Question, facts: Facts) -> Item:
    told = [text for answer in question.answers if (text := answer(facts))]
    said = [clean(text) for field in question.card if (text := getattr(facts.card or Card(), field))]
    text = " · ".join(part for part in (" ".join(said), " ".join(told)) if part)
    if not told and (question.answers or not said):  # the run has not come so far, or nobody has answered
        return Item(question.number, question.asks, "for you", text, question.left or question.asks)
    if question.left and not said:
        return Item(question.number, question.asks, "in part", text, question.left)
    return Item(question.number, question.asks, "answered", text, "")
