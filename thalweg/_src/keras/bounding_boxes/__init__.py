"""Boxes around things in images: their formats, what moves them, how much they overlap."""
