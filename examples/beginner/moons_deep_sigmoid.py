"""Upper moon or lower moon? A really deep network."""

import keras
from sklearn.datasets import make_moons

EPOCHS = 40
BATCH_SIZE = 32


def data():
    return make_moons(800, noise=0.15, random_state=2)


def build():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    for _ in range(12):
        model.add(keras.layers.Dense(20, activation="sigmoid"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
