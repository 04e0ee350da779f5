"""Photos in the report: a few of each class, the most certain mistakes, and the network, opened.

Part of the schema of `report.facts`; absent where there are no photos, and where cells must not be shown.
"""

from dataclasses import dataclass

__all__ = ["LookedAt", "OpenedNetwork", "PhotoSheet", "ShownLayer", "ShownPhoto"]


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
class ShownLayer:
    """Some channels of a convolution, or what some of its filters answer to most.

    Args:
        name: Of the layer.
        height: Of its answer, places.
        width: Likewise.
        channels: All of them.
        images: Some, each a WebP in base64.
    """

    name: str
    height: int
    width: int
    channels: int
    images: tuple[str, ...]


@dataclass(frozen=True)
class LookedAt:
    """A photo, and where the network looked.

    Args:
        photo: With its class, and what the network says.
        said: The places that speak for what it says, laid over the photo; a WebP in base64.
        true: Where it is wrong: the places that speak for the true class; else empty.
    """

    photo: ShownPhoto
    said: str
    true: str = ""


@dataclass(frozen=True)
class OpenedNetwork:
    """What is inside a network that was trained on all working photos but those that it is shown here.

    Args:
        name: Its architecture.
        photo: The photo that its first layers are shown for.
        layers: What its first convolutions make of it.
        patterns: What filters from its first convolution to its last wait for.
        looked: Photos that it is most certain of and right, then wrong.
        grid: Height and width of what Grad-CAM weighs: its maps are no finer.
    """

    name: str
    photo: ShownPhoto
    layers: tuple[ShownLayer, ...]
    patterns: tuple[ShownLayer, ...]
    looked: tuple[LookedAt, ...]
    grid: tuple[int, int]

    @property
    def rights(self) -> tuple[LookedAt, ...]:
        """Those that it is right about."""
        return tuple(one for one in self.looked if one.photo.answer == one.photo.label)

    @property
    def wrongs(self) -> tuple[LookedAt, ...]:
        """Those that it is wrong about."""
        return tuple(one for one in self.looked if one.photo.answer != one.photo.label)


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
        copies: Photos that repeat each other, as they are or nearly, and stay on one side of every split.
        num_copies: Groups of such photos, of which `copies` are the first.
        opened: The network, opened; None where it has no convolutions.
    """

    side: int
    samples: tuple[ShownPhoto, ...] = ()
    wrong: tuple[ShownPhoto, ...] = ()
    num_wrong: int = 0
    num_scored: int = 0
    num_classes: int = 0
    copies: tuple[tuple[ShownPhoto, ...], ...] = ()
    num_copies: int = 0
    opened: OpenedNetwork | None = None

    @property
    def by_class(self) -> dict[str, tuple[ShownPhoto, ...]]:
        """The samples of each class."""
        labels = dict.fromkeys(one.label for one in self.samples)
        return {label: tuple(one for one in self.samples if one.label == label) for label in labels}
