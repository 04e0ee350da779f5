"""The picture of photos in `docs/kinds-of-data.md`: where a convnet looks, on generated pictures of which all is known.

    python benchmarks/kinds_photo.py         a minute; writes docs/figures/kinds/grad-cam.png

A disc, a square or a cross lies somewhere on a speckled ground, in a colour that tells nothing. Nobody tells the
network where: on pictures it was not trained on, its maps show that it found out.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

import tenfold

FIGURE = Path(__file__).resolve().parent.parent / "docs" / "figures" / "kinds" / "grad-cam.png"
SIDE, RADIUS, ARM = 48, 8, 2
LABELS = ("disc", "square", "cross")


def pictures(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures as bytes, their classes, and where the things lie."""
    rng = np.random.default_rng(seed)
    classes, centres = rng.integers(0, len(LABELS), count), rng.integers(RADIUS + 2, SIDE - RADIUS - 2, (count, 2))
    speckles = rng.integers(0, 256, (count, SIDE // 4, SIDE // 4, 3)).repeat(4, axis=1).repeat(4, axis=2)
    made = 0.5 * speckles + 64 + rng.normal(0, 8, (count, SIDE, SIDE, 3))
    for picture, label, centre in zip(made, classes, centres, strict=True):
        picture[is_inside(int(label), centre)] = rng.integers(0, 256, 3)
    return made.clip(0, 255).astype(np.uint8), classes, centres


def is_inside(label: int, centre: np.ndarray) -> np.ndarray:
    """The pixels of a thing."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    up, side = abs(rows - centre[0]), abs(columns - centre[1])
    shapes = (
        up**2 + side**2 <= RADIUS**2,
        np.maximum(up, side) <= 0.85 * RADIUS,
        (np.minimum(up, side) <= ARM) & (np.maximum(up, side) <= RADIUS),
    )
    return np.asarray(shapes[label])


def trained() -> keras.Model:
    """A convnet of three stages on 1,500 pictures."""
    keras.utils.set_random_seed(1)
    layers: list[Any] = [keras.Input((SIDE, SIDE, 3), dtype="uint8"), keras.layers.Rescaling(1 / 127.5, -1.0)]
    for filters in (16, 32, 64):
        layers += [keras.layers.Conv2D(filters, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D(2)]
    model = keras.Sequential([*layers, keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(len(LABELS), "softmax")])
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    seen, classes, _ = pictures(1_500, seed=0)
    tenfold.fit(model, seen, classes, epochs=15, batch_size=32, verbose=0)
    return model


def main() -> None:
    """Train, look, draw; print how often the map's highest place lies on the thing."""
    model = trained()
    seen, classes, centres = pictures(200, seed=1)
    accuracy = float((model.predict(seen, verbose=0).argmax(axis=1) == classes).mean())
    maps = tenfold.views.grad_cam(model, seen, controls=False).numbers.maps
    highest = np.stack(np.unravel_index(maps.reshape(len(maps), -1).argmax(axis=1), (SIDE, SIDE)), axis=1)
    is_on = (abs(highest - centres).max(axis=1) <= RADIUS).mean()
    print(f"accuracy {accuracy:.3f} on 200 new pictures; highest place of the map on the thing in {is_on:.0%}")
    tenfold.views.grad_cam(model, seen[:7], labels=LABELS, controls=False).save(FIGURE)


if __name__ == "__main__":
    main()
