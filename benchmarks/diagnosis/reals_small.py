"""Questions about truth tables, lines and curves; each faulty program after its cure."""

import keras
from diagnosis.program import mutant, sequential, sound
from diagnosis.reals_problems import constant_rows, double_line, fourth_power, parabola, squares, xor
from diagnosis.rows import of, standardised, target_standardised
from keras.layers import Dense, Dropout
from keras.optimizers import SGD, Adam, RMSprop

__all__: list[str] = []

# ---- 31880720: all ones or all zeros, softmax over one unit


def _constant_rows(last: str) -> keras.Model:
    hidden = (Dense(50, activation="relu"), Dropout(0.2), Dense(50, activation="relu"), Dropout(0.2))
    return sequential(
        (128,),
        *hidden,
        Dense(1, activation=last),
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


@sound("real", of(constant_rows), epochs=5, is_real=True)
def ones_or_zeros_cured() -> keras.Model:
    return _constant_rows("sigmoid")


@mutant(ones_or_zeros_cured, "head_loss_mismatch", fix="sigmoid")
def ones_or_zeros() -> keras.Model:
    return _constant_rows("softmax")


# ---- 31556268: exclusive or by mean absolute error and slow descent


@sound("real", of(xor()), epochs=3000, batch_size=4, is_real=True)
def xor_absolute_error_cured() -> keras.Model:
    return sequential(
        (2,),
        Dense(8, activation="tanh"),
        Dense(1, activation="sigmoid"),
        optimizer=Adam(0.01),
        loss="binary_crossentropy",
    )


@mutant(
    xor_absolute_error_cured,
    "lr_too_low",
    also_acceptable=("optimizer", "too_few_epochs", "head_loss_mismatch"),
    fix="Adam, mse, many more epochs",
    epochs=1000,
)
def xor_absolute_error() -> keras.Model:
    return sequential(
        (2,),
        Dense(4, activation="sigmoid"),
        Dense(1, activation="sigmoid"),
        optimizer=SGD(0.05, momentum=0.11, nesterov=True),
        loss="mean_absolute_error",
    )


# ---- Cross Validated 433365: exclusive or, no activation first, relu last


@sound("real", of(xor(500)), epochs=20, is_real=True)
def xor_relu_end_cured() -> keras.Model:
    return sequential(
        (2,),
        Dense(8, activation="relu"),
        Dense(1, activation="sigmoid"),
        optimizer=Adam(0.01),
        loss="binary_crossentropy",
    )


@mutant(
    xor_relu_end_cured,
    "head_loss_mismatch",
    also_acceptable=("no_nonlinearity", "dying_relu", "too_few_epochs", "capacity", "optimizer", "lr_too_low"),
    fix="relu in the first layer, sigmoid in the last, binary crossentropy, more epochs",
    epochs=5,
)
def xor_relu_end() -> keras.Model:
    return sequential(
        (2,), Dense(2), Dense(2, activation="relu"), Dense(1, activation="relu"), optimizer="SGD", loss="mse"
    )


# ---- a line with relu at the end (a course's forum, 324182)


@sound("real", of(double_line), epochs=1000, batch_size=7, answers="numbers", is_real=True)
def line_cured() -> keras.Model:
    return sequential((1,), Dense(1), optimizer=SGD(0.02), loss="mse")


@mutant(
    line_cured,
    "head_loss_mismatch",
    also_acceptable=("dying_relu", "capacity"),
    fix="no activation on the last layer",
    epochs=500,
    batch_size=32,
)
def line_relu_end() -> keras.Model:
    return sequential(
        (1,),
        Dense(4, activation="relu"),
        Dense(2, activation="relu"),
        Dense(1, activation="relu"),
        optimizer=Adam(0.001),
        loss="mse",
    )


# ---- Cross Validated 418955: x^2 + 3 up to ten thousand


@sound("real", of(squares, target_standardised), epochs=300, answers="numbers", is_real=True)
def squares_cured() -> keras.Model:
    return sequential((1,), Dense(16, activation="relu"), Dense(1), optimizer=Adam(0.01), loss="mse")


@mutant(
    squares_cured,
    "unscaled_target",
    also_acceptable=("lr_too_high", "exploding_gradient", "no_nonlinearity", "numeric"),
    fix="scale the target",
    rows=of(squares),
)
def squares_raw() -> keras.Model:
    return sequential((1,), Dense(10), Dense(1), optimizer="sgd", loss="mse")


# ---- 52800582: x^4 up to a hundred million


@sound(
    "real",
    of(fourth_power, standardised, target_standardised),
    epochs=100,
    answers="numbers",
    is_real=True,
)
def fourth_power_cured() -> keras.Model:
    return sequential(
        (1,), Dense(32, activation="tanh"), Dense(32, activation="elu"), Dense(1), optimizer=Adam(0.005), loss="mse"
    )


@mutant(
    fourth_power_cured,
    "unscaled_target",
    also_acceptable=("unscaled_input", "saturation", "too_few_epochs", "lr_too_low"),
    fix="scale input and target",
    rows=of(fourth_power),
)
def fourth_power_raw() -> keras.Model:
    return sequential(
        (1,), Dense(50, activation="sigmoid"), Dense(50, activation="elu"), Dense(1), optimizer="adam", loss="mse"
    )


# ---- Cross Validated 280372: a parabola learned as a line


@sound("real", of(parabola), epochs=400, batch_size=20, answers="numbers", is_real=True)
def parabola_cured() -> keras.Model:
    return sequential(
        (1,),
        Dense(16, activation="relu"),
        Dense(16, activation="relu"),
        Dense(1),
        optimizer=Adam(0.01),
        loss="mse",
    )


@mutant(
    parabola_cured,
    "lr_too_low",
    also_acceptable=("optimizer", "too_few_epochs"),
    fix="Adam(0.01)",
    batch_size=100,
)
def parabola_slow() -> keras.Model:
    return sequential(
        (1,),
        Dense(16, activation="relu"),
        Dense(16, activation="relu"),
        Dense(1),
        optimizer=SGD(0.001),
        loss="mse",
    )


# ---- 51181393: a straight line that RMSprop creeps towards


@sound("real", of(double_line), epochs=300, batch_size=7, answers="numbers", is_real=True)
def creeping_line_cured() -> keras.Model:
    return sequential((1,), Dense(1), optimizer=RMSprop(0.1), loss="mse")


@mutant(creeping_line_cured, "lr_too_low", also_acceptable=("too_few_epochs", "optimizer"), fix="RMSprop(0.1)")
def creeping_line() -> keras.Model:
    return sequential((1,), Dense(1), optimizer=RMSprop(), loss="mse")
