"""The version of thalweg."""

__version__ = VERSION = "0.1.0"
