"""`CheckpointOptions`: what it holds, and what must be left alone."""

from __future__ import annotations

import pytest

import thalweg as tf
from thalweg._src.base.errors import UnimplementedError


def test_options_hold_what_they_are_given():
    callbacks = [print]
    options = tf.train.CheckpointOptions(
        "/job:localhost",
        experimental_enable_async_checkpoint=True,
        experimental_write_callbacks=callbacks,
    )
    assert options.experimental_io_device == "/job:localhost"
    assert options.enable_async
    assert options.experimental_enable_async_checkpoint
    assert options.experimental_write_callbacks is callbacks
    assert options.experimental_skip_slot_variables is False
    assert options.experimental_sharding_callback is None
    assert tf.train.CheckpointOptions().enable_async is False


@pytest.mark.parametrize(
    "given",
    [
        {"experimental_io_device": "/job:worker/device:GPU:0"},
        {"experimental_skip_slot_variables": True},
        {"experimental_sharding_callback": print},
    ],
    ids=lambda g: next(iter(g)),
)
def test_options_without_meaning_are_refused(given):
    with pytest.raises(UnimplementedError, match=next(iter(given))):
        tf.train.CheckpointOptions(**given)
