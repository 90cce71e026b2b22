"""Prints the seconds of ``import PACKAGE`` (and of one attribute of it) as JSON.

Run as a script in a fresh process: ``python import_time.py tensorflow keras.layers.Dense``.
Nothing but ``sys`` and ``time`` is loaded before the clock starts. A third argument is a folder
to search for the package first (a checkout).
"""

import sys
from time import perf_counter


def main() -> None:
    """Times the import named on the command line."""
    package, path = sys.argv[1], sys.argv[2]
    sys.path[:1] = sys.argv[3:]
    start = perf_counter()
    value = __import__(package)
    imported = perf_counter()
    for name in path.split(".") if path else []:
        value = getattr(value, name)
    reached = perf_counter()
    print(f'{{"import": {imported - start}, "reach": {reached - start}}}')


if __name__ == "__main__":
    main()
