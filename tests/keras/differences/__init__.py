"""Parts of the differential sweep of `tests/keras/differential.py`."""
