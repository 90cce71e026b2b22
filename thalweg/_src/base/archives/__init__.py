"""Unpacking of archives that nobody vouches for."""
