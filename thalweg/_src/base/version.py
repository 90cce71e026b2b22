"""The version of thalweg."""

RELEASE = "0.1.0"

# Programs ask for TensorFlow's version in order to know its API; after the plus stands whose it is.
__version__ = VERSION = f"2.21.0+thalweg.{RELEASE}"
