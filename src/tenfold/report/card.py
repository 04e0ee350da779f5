"""What only the author knows: population, purpose, source, dates, sampling. Read from a small file `card.toml`.

    population = "adults admitted to the ward of one hospital"
    source = "https://doi.org/10.24432/C5PC7J"
    unit = "thousand dollars"

Every answer is optional, and none is made up where it is missing: the checklists of the report print the question.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from tenfold.errors import OptionError, did_you_mean

__all__ = ["CARD", "Card", "find_card", "read_card"]

CARD = "card.toml"
"""Name of the file beside the table."""


@dataclass(frozen=True)
class Card:
    """An author's answers, each a sentence or two of plain text; empty where nobody answered.

    Args:
        title: What the study is called.
        authors: Who answers for it, with a way to reach them.
        population: Whom or what the rows stand for.
        purpose: What the predictions are for, and who acts on them.
        out_of_scope: What they must not be used for.
        why_learning: Why a learned model and not a rule or a person.
        source: Where the table comes from: link, DOI, licence.
        collection: How, by whom and with what consent it was collected.
        dates: From when to when.
        sampling: How these rows were chosen out of all.
        target_definition: How the target was measured, by whom, and whether they knew the other columns.
        columns_known: When each column is known, compared with the moment of the prediction.
        limits: Where the model should not be expected to hold.
        ethics: Approval, consent, harms that were considered.
        fairness: Groups for whom errors matter most, and what was done.
        funding: Who paid.
        interests: Competing interests.
        protocol: Where the plan was written down or registered.
        data_access: How others may get the data.
        code_access: How others may get the code.
        involvement: Who of those concerned took part in the planning.
        unit: Unit of the target, "thousand dollars".
    """

    title: str = ""
    authors: str = ""
    population: str = ""
    purpose: str = ""
    out_of_scope: str = ""
    why_learning: str = ""
    source: str = ""
    collection: str = ""
    dates: str = ""
    sampling: str = ""
    target_definition: str = ""
    columns_known: str = ""
    limits: str = ""
    ethics: str = ""
    fairness: str = ""
    funding: str = ""
    interests: str = ""
    protocol: str = ""
    data_access: str = ""
    code_access: str = ""
    involvement: str = ""
    unit: str = ""


def find_card(table: Path) -> Path | None:
    """The card that lies beside a table, or None.

    Args:
        table: The table's file.
    """
    beside = table.parent / CARD
    return beside if beside.is_file() else None


def read_card(path: Path) -> Card:
    """Read an author's answers.

    Args:
        path: A TOML file of texts.

    Returns:
        The card.

    Raises:
        OptionError: It cannot be read, has a name that is none of the card's, or an answer that is no text.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OptionError(
            "no_card", f"There is no card `{path}`", expected="a TOML file of texts, as `--card FILE`"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OptionError(
            "card_unreadable",
            f"The card `{path}` cannot be read",
            expected='a TOML file of texts, such as: population = "adults of one hospital"',
            received=getattr(error, "strerror", None) or str(error),
        ) from error
    known = [one.name for one in fields(Card)]
    unknown = [name for name in content if name not in known]
    if unknown:
        raise _unknown(path, unknown, known)
    wrong = [name for name, answer in content.items() if not isinstance(answer, str)]
    if wrong:
        raise OptionError(
            "card_no_text",
            f"`{wrong[0]}` in the card `{path}` is no text",
            expected=f'text in quotes: {wrong[0]} = "..."',
            received=repr(content[wrong[0]])[:80],
        )
    return Card(**{name: answer.strip() for name, answer in content.items()})


def _unknown(path: Path, unknown: list[str], known: list[str]) -> OptionError:
    return OptionError(
        "card_unknown",
        f"`{unknown[0]}` is no question of a card (`{path}`)",
        expected=f"one of {', '.join(known)}",
        received=", ".join(unknown),
        hint=did_you_mean(unknown[0], known),
    )
