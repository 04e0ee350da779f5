"""Which arm of the spiral? A small network is enough."""

import keras
import numpy as np

EPOCHS = 100
BATCH_SIZE = 32


def data():
    generator = np.random.default_rng(1)
    y = generator.integers(0, 2, 1000)
    radius = generator.uniform(0.1, 1, 1000)
    angle = 9 * radius + np.pi * y
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return x, y


def build():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(keras.layers.Dense(2, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
