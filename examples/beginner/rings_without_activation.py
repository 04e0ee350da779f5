"""Inner ring or outer ring?"""

import keras
from sklearn.datasets import make_circles

EPOCHS = 50
BATCH_SIZE = 32


def data():
    return make_circles(800, noise=0.08, factor=0.5, random_state=3)


def build():
    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(keras.layers.Dense(32))
    model.add(keras.layers.Dense(32))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
