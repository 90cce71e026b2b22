"""Record the golden values of `cases/keras_feature_space.py`; needs tensorflow-cpu 2.21 and keras 3.15."""

from recorder import record

if __name__ == "__main__":
    record("keras_feature_space")
