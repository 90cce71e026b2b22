"""Private room; its names are published by the door modules of `thalweg`."""
