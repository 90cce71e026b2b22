"""Tests of the regularization layers."""
