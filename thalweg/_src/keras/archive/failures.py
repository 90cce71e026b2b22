"""Errors of reading: whatever goes wrong inside a file comes out as one kind of error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from thalweg._src.base.errors import SavingError


class MissingFileError(SavingError, FileNotFoundError):
    """There is no such file."""


def damaged(where: object, what: str) -> SavingError:
    """Error that refuses a file.

    Args:
        where: Name of the file.
        what: What is wrong with it, as the end of a sentence.
    """
    return SavingError(
        f"[{str(where)!r}] expected a file that Keras or thalweg wrote, {what}; it is damaged, or made by "
        "somebody who means harm. Take another copy."
    )


@contextlib.contextmanager
def only_saving_errors(where: object, doing: str) -> Iterator[None]:
    """Turns every error inside into a `SavingError` that names the file.

    Args:
        where: Name of the file.
        doing: What is done with it: ``"reading its weights"``.
    """
    try:
        yield
    except SavingError:
        raise
    except Exception as error:
        text = str(error).strip() or type(error).__name__
        found = SavingError(f"[{str(where)!r}] {doing} failed: {text}")
        for note in getattr(error, "__notes__", ()):
            found.add_note(note)
        raise found from error
