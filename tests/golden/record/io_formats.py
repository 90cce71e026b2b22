"""Record the golden values of `cases/io_formats.py`; needs tensorflow-cpu 2.21 and keras 3.15."""

from recorder import record

if __name__ == "__main__":
    record("io_formats")
