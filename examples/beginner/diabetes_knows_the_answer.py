"""How far will the disease progress? One column was computed from the answer."""

import keras
import numpy as np
from sklearn.datasets import load_diabetes

EPOCHS = 50
BATCH_SIZE = 32


def data():
    x, y = load_diabetes(return_X_y=True)
    y = (y - y.mean()) / y.std()
    cost_of_treatment = 3 * y + 1
    return np.column_stack([x * 20, cost_of_treatment]), y


def build():
    model = keras.Sequential()
    model.add(keras.Input((11,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1))
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
