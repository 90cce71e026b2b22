"""`python -m thalweg`: the command `thalweg`."""

import sys

from thalweg._src.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
