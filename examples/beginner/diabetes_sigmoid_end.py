"""How far will the disease progress?"""

import keras
from sklearn.datasets import load_diabetes

EPOCHS = 50
BATCH_SIZE = 32


def data():
    x, y = load_diabetes(return_X_y=True)
    return x * 20, y


def build():
    model = keras.Sequential()
    model.add(keras.Input((10,)))
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer="adam", loss="mean_squared_error", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
