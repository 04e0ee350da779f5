"""The population engine: many trainings of one Keras model as one compiled JAX program."""
