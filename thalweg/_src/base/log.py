"""The logger of the package."""

from __future__ import annotations

import logging


def get_logger() -> logging.Logger:
    """The logger that warnings and reports of thalweg go to.

    Returns:
        The logger named ``"thalweg"``; set its level or handlers as for any logger.

    Example:
        >>> import thalweg as tf
        >>> tf.get_logger().name
        'thalweg'

    Source: `tf.get_logger`, whose logger is named ``"tensorflow"``.
    """
    return logging.getLogger("thalweg")
