"""Is the picture warm or cold? Raw pixels, plain descent."""

import keras
import numpy as np

EPOCHS = 20
BATCH_SIZE = 32


def data():
    generator = np.random.default_rng(6)
    y = generator.integers(0, 2, 500)
    x = generator.normal(110, 40, (500, 12, 12, 3))
    x[y == 1, 3:9, 3:9, 0] += 70
    x[y == 0, 3:9, 3:9, 2] += 70
    return np.clip(x, 0, 255), y


def build():
    model = keras.Sequential()
    model.add(keras.Input((12, 12, 3)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
