"""Golden values recorded from TensorFlow 2.21 and Keras 3.15 (see README.md)."""
