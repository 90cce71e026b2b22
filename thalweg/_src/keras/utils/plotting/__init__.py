"""Private room; its names are published by `thalweg.keras.utils`."""
