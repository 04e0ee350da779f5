"""The architectures that the workflow proposes, as ordinary Keras models."""
