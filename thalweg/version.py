"""The version of thalweg, under TensorFlow's name."""

from thalweg._src.base.version import VERSION as VERSION
