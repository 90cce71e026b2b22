"""Checkpoints: named arrays in files that are whole or absent, and objects' state in and out of them."""
