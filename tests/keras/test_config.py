"""`keras.config`: settings of the process."""

from __future__ import annotations

import jax
import numpy as np
import pytest

import thalweg as tf
from thalweg._src.keras.base.settings import Settings, settings

C = tf.keras.config


@pytest.fixture(autouse=True)
def _restore():
    before = C.epsilon(), C.floatx(), C.image_data_format()
    flash = settings.flash_attention
    yield
    settings.flash_attention = flash
    settings.unsafe_deserialization = False
    C.enable_interactive_logging()
    C.enable_traceback_filtering()
    C.set_max_epochs(None)
    C.set_max_steps_per_epoch(None)
    C.set_epsilon(before[0])
    C.set_floatx(before[1])
    C.set_image_data_format(before[2])


def test_epsilon_reaches_the_losses():
    y, p = np.array([[1.0]], np.float32), np.array([[0.0]], np.float32)
    C.set_epsilon(1e-3)
    np.testing.assert_allclose(
        float(tf.keras.losses.BinaryCrossentropy()(y, p)), -np.log(1e-3), rtol=1e-5
    )


def test_epsilon_must_be_positive():
    with pytest.raises(ValueError, match=r"\[set_epsilon\] expected a positive number, got 0"):
        C.set_epsilon(0)


def test_floatx_reaches_initializers():
    C.set_floatx("float64")
    assert tf.keras.initializers.GlorotUniform()((2, 2)).dtype == tf.float64


def test_image_layout_reaches_layers():
    C.set_image_data_format("channels_first")
    assert tf.keras.layers.Conv2D(2, 3)(tf.ones((1, 4, 5, 5))).shape == (1, 2, 3, 3)
    with pytest.raises(
        ValueError, match="expected data_format 'channels_last' or 'channels_first'"
    ):
        C.set_image_data_format("NHWC")


def test_programs_find_the_api_of_tensorflow():
    assert C.backend() == tf.keras.backend.backend() == "tensorflow"


def test_other_backends_are_refused():
    C.set_backend("tensorflow")
    with pytest.raises(ValueError, match=r"expected 'tensorflow', the one backend"):
        C.set_backend("jax")


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "3"], ids=repr)
def test_limits_are_counts(limit):
    with pytest.raises(ValueError, match=r"\[set_max_epochs\] expected an integer of 1 or more"):
        C.set_max_epochs(limit)
    with pytest.raises(ValueError, match=r"\[set_max_steps_per_epoch\] expected an integer of 1"):
        C.set_max_steps_per_epoch(limit)


def test_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "3")
    monkeypatch.setenv("KERAS_MAX_STEPS_PER_EPOCH", "7")
    fresh = Settings()
    assert (fresh.max_epochs, fresh.max_steps_per_epoch) == (3, 7)


def test_full_tracebacks_show_the_compiler():
    def frames():
        with pytest.raises(TypeError) as caught:
            jax.jit(lambda x: x + "a")(1)
        return [str(entry.path) for entry in caught.traceback]

    short = frames()
    C.disable_traceback_filtering()
    assert len(frames()) > len(short)


def test_flash_attention_is_undecided_at_first():
    assert C.is_flash_attention_enabled() is None
    C.enable_flash_attention()
    assert C.is_flash_attention_enabled() is True


def test_code_in_files_runs_after_the_switch():
    assert not settings.unsafe_deserialization
    C.enable_unsafe_deserialization()
    assert settings.unsafe_deserialization
