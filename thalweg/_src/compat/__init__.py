"""Lets programs that import TensorFlow and Keras find thalweg under these names."""
