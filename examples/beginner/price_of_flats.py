"""What does a flat cost? Area, rooms, floor."""

import keras
import numpy as np

EPOCHS = 50
BATCH_SIZE = 32


def data():
    generator = np.random.default_rng(5)
    area = generator.uniform(-1, 1, 600)
    rooms = area + generator.normal(0, 0.3, 600)
    floor = generator.uniform(-1, 1, 600)
    price = 300000 + 150000 * area + 20000 * rooms * floor + generator.normal(0, 5000, 600)
    return np.stack([area, rooms, floor], axis=1), price


def build():
    model = keras.Sequential()
    model.add(keras.Input((3,)))
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer="adam", loss="mse", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
