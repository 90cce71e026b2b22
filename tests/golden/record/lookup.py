"""Record the golden values of `cases/lookup.py`; needs tensorflow-cpu 2.21 and keras 3.15."""

from recorder import record

if __name__ == "__main__":
    record("lookup")
