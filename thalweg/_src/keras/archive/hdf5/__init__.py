"""A reader of HDF5's structures, for files that nobody vouches for."""
