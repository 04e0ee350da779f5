"""Is it a setosa?"""

import keras
from sklearn.datasets import load_iris
from sklearn.utils import shuffle

EPOCHS = 50
BATCH_SIZE = 16


def data():
    x, y = load_iris(return_X_y=True)
    x, y = shuffle(x, y == 0, random_state=0)
    return x, y.astype(int)


def build():
    model = keras.Sequential()
    model.add(keras.Input((4,)))
    model.add(keras.layers.Dense(8, activation="relu"))
    model.add(keras.layers.Dense(1, activation="softmax"))
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
