"""Makes the picture of docs/explain.md: a convnet that reads digits, one row through it, the page in a browser.

python benchmarks/explain_figure.py        needs Chromium and the test tools; writes docs/figures/explain/page.png
"""

import io
import shutil
import tempfile
from pathlib import Path

import tenfold

import keras  # isort: skip  # tenfold tells it to run on JAX
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from sklearn.datasets import load_digits

from tenfold.explaining.laying_out import lay_out
from tenfold.explaining.page import render_page

FIGURE = Path(__file__).parents[1] / "docs" / "figures" / "explain" / "page.png"
LOOK = "#forward/filters/z/2,4,3"
SIZE = {"width": 1280, "height": 960}
COLOURS = 128


def trained() -> tuple[keras.Model, np.ndarray, np.ndarray]:
    """A small convnet on scikit-learn's digits, 8 x 8."""
    pictures, classes = load_digits(return_X_y=True)
    pictures = (pictures / 16).reshape(-1, 8, 8, 1).astype("float32")
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(8, 3, activation="relu", name="filters"),
            layers.MaxPooling2D(name="pooling"),
            layers.Flatten(name="flat"),
            layers.Dense(10, "softmax", name="classes"),
        ],
        name="digits",
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    tenfold.fit(model, pictures[100:], classes[100:], epochs=20, batch_size=32, verbose=0)
    return model, pictures[:100], classes[:100]


def main() -> None:
    """Train, trace, draw."""
    page = render_page(lay_out(tenfold.scratch.trace(*trained(), row=3)), source="digits.npz")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        file = Path(folder) / "digits-row-3.html"
        file.write_text(page, encoding="utf-8")
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport=SIZE)
        shown.goto(f"{file.as_uri()}{LOOK}")
        shown.wait_for_selector("#bench[data-ready]")
        picture = Image.open(io.BytesIO(shown.screenshot()))
        browser.close()
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").quantize(COLOURS).save(FIGURE, optimize=True)
    print(f"wrote {FIGURE.name}, {FIGURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
