"""Record the golden values of `cases/keras_directories.py`; needs tensorflow-cpu 2.21, keras 3.15."""

from recorder import record

if __name__ == "__main__":
    record("keras_directories")
