"""Saved Keras models of any age: `.keras`, and HDF5 files of Keras 1, 2 and 3."""
