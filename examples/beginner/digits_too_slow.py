"""Which digit is it? With a careful learning rate."""

import keras
from sklearn.datasets import load_digits

EPOCHS = 20
BATCH_SIZE = 32


def data():
    x, y = load_digits(return_X_y=True)
    return x / 16, y


def build():
    model = keras.Sequential()
    model.add(keras.Input((64,)))
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    # small steps cannot do harm
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.000001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


if __name__ == "__main__":
    x, y, *validation = data()
    build().fit(x, y, epochs=EPOCHS, batch_size=BATCH_SIZE, validation_data=validation[0] if validation else None)
