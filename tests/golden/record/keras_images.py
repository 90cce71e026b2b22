"""Record the golden values of `cases/keras_images.py`; needs tensorflow-cpu 2.21, keras 3.15, pillow."""

from recorder import record

if __name__ == "__main__":
    record("keras_images")
