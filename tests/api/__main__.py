"""`python -m tests.api`: what there is of the API of Keras and TensorFlow, and what is missing."""

from __future__ import annotations

from tests.api import scorer

if __name__ == "__main__":
    for root in scorer.LISTS:
        found = scorer.score(root)
        unexplained = set(scorer.unexplained(found))
        for name in found.missing:
            print(
                f"{'no reason' if name.path in unexplained else 'missing'}  {name.path}  {name.kind}"
            )
        for path, absent in found.lacking.items():
            print(f"lacks  {path}  {', '.join(absent)}")
        print(
            f"{root}: {found.names_share:.2f} % of {found.names} names "
            f"({len(found.outside)} in fields that are left out), "
            f"{found.parameters_share:.2f} % of {found.parameters} parameters\n"
        )
