"""Which grower made this wine? Much dropout against overfitting."""

import keras
from sklearn.datasets import load_wine
from sklearn.utils import shuffle

EPOCHS = 40
BATCH_SIZE = 16


def data():
    x, y = load_wine(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    return shuffle(x, y, random_state=1)


def build():
    model = keras.Sequential()
    model.add(keras.Input((13,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dropout(0.9))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dropout(0.9))
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
