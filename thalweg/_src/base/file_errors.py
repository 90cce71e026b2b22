"""Errors of the file system under the names that TensorFlow gives them."""

from __future__ import annotations

from thalweg._src.base.errors import (
    AlreadyExistsError,
    FailedPreconditionError,
    NotFoundError,
    PermissionDeniedError,
    ThalwegError,
)


def explained(where: str, path: str, error: OSError) -> Exception:
    """The error to raise for one of the file system.

    Args:
        where: Name of the function.
        path: The path that was used.
        error: What the system said.
    """
    if isinstance(error, ThalwegError):
        return error
    reason = f"[{where}] could not use {path!r}: {error.strerror or error}."
    if isinstance(error, FileNotFoundError):
        return NotFoundError(reason)
    if isinstance(error, FileExistsError):
        return AlreadyExistsError(reason)
    if isinstance(error, PermissionError):
        return PermissionDeniedError(reason)
    return FailedPreconditionError(reason)
