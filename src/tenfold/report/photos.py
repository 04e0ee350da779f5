"""Photos in the report: a few of each class, and those that the network is most certain about and wrong.

Part of the schema of `report.facts`; absent where there are no photos, and where cells must not be shown.
"""

from dataclasses import dataclass

__all__ = ["PhotoSheet", "ShownPhoto"]


@dataclass(frozen=True)
class ShownPhoto:
    """A photo, small.

    Args:
        file: Its name, from the folder that was named.
        label: Its class.
        image: As the network gets it, a WebP in base64.
        answer: What the network says, out of fold; empty where it is not asked.
        certainty: Its probability of that answer, 0 to 1; NaN alike.
    """

    file: str
    label: str
    image: str
    answer: str = ""
    certainty: float = float("nan")


@dataclass(frozen=True)
class PhotoSheet:
    """Photos to look at; none of them is sealed.

    Args:
        side: Pixels of a side.
        samples: A few of each class, class by class, drawn at random.
        wrong: Wrong answers, the most certain one first.
        num_wrong: All wrong answers.
        num_scored: Photos that were predicted by networks that had not seen them.
        num_classes: Classes of all photos; samples are of the first ones.
    """

    side: int
    samples: tuple[ShownPhoto, ...] = ()
    wrong: tuple[ShownPhoto, ...] = ()
    num_wrong: int = 0
    num_scored: int = 0
    num_classes: int = 0

    @property
    def by_class(self) -> dict[str, tuple[ShownPhoto, ...]]:
        """The samples of each class."""
        labels = dict.fromkeys(one.label for one in self.samples)
        return {label: tuple(one for one in self.samples if one.label == label) for label in labels}
