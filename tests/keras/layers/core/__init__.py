"""Tests of the core layers."""
