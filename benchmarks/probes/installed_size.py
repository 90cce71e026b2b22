"""Prints the bytes that distributions and all they need take in this environment, as JSON.

Run as a script: ``python installed_size.py tensorflow-cpu keras``. Counts the files that the
distributions own (their RECORD, compiled bytecode included), optional extras left out, so that
pip and whatever else lives in the environment do not count.
"""

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from pip._vendor.packaging.requirements import Requirement


def needed(roots: list[str]) -> dict[str, Distribution]:
    """Returns the roots and their requirements, recursively, by normal name."""
    found: dict[str, Distribution] = {}
    queue = list(roots)
    while queue:
        name = re.sub(r"[-_.]+", "-", queue.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            if name in roots:
                raise
            continue
        for text in found[name].requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                queue.append(requirement.name)
    return found


def size(item: Distribution) -> int:
    """Returns the bytes of a distribution's files."""
    paths = [file.locate() for file in item.files or []]
    return sum(path.stat().st_size for path in paths if path.is_file())  # type: ignore[attr-defined]


def main() -> None:
    """Prints total and parts, the largest first."""
    parts = {name: size(item) for name, item in needed(sys.argv[1:]).items()}
    ordered = dict(sorted(parts.items(), key=lambda part: -part[1]))
    print(json.dumps({"bytes": sum(parts.values()), "parts": ordered}))


if __name__ == "__main__":
    main()
