"""Which grower made this wine?"""

import keras
from sklearn.datasets import load_wine
from sklearn.utils import shuffle

EPOCHS = 40
BATCH_SIZE = 16


def data():
    x, y = load_wine(return_X_y=True)
    return shuffle(x, y, random_state=1)


def build():
    model = keras.Sequential(
        [
            keras.Input((13,)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
