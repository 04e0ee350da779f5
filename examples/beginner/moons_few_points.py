"""Upper moon or lower moon? Thirty points and a large network."""

import keras
from sklearn.datasets import make_moons

EPOCHS = 500
BATCH_SIZE = 8


def data():
    x, y = make_moons(230, noise=0.35, random_state=4)
    return x[:30], y[:30], (x[30:], y[30:])


def build():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dense(256, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
