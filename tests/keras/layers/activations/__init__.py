"""Tests of the layers of activations."""
