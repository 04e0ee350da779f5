"""Upper moon or lower moon? All weights start at zero, to be fair to all units."""

import keras
from sklearn.datasets import make_moons

EPOCHS = 40
BATCH_SIZE = 32


def data():
    return make_moons(800, noise=0.15, random_state=2)


def build():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(keras.layers.Dense(32, activation="relu", kernel_initializer="zeros"))
    model.add(keras.layers.Dense(32, activation="relu", kernel_initializer="zeros"))
    model.add(keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
