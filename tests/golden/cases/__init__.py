"""One module of cases per family; a case is a small program in public TensorFlow API."""
