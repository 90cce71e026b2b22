"""Low-rank adaptation: the large weight rests, two thin ones learn, files hold the sum."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg.keras import layers


def built(**kwargs):
    layer = layers.Dense(3, **kwargs)
    layer.build((None, 4))
    return layer


def adapted(**kwargs):
    layer = built(**kwargs)
    layer.enable_lora(2)
    layer.lora_kernel_b.assign(np.ones((2, 3), "float32"))
    return layer


def test_enabling_changes_no_output_and_freezes_the_kernel():
    layer, inputs = built(), tf.ones((2, 4))
    before = layer(inputs).numpy()
    layer.enable_lora(2)
    np.testing.assert_array_equal(layer(inputs).numpy(), before)
    assert [w.name for w in layer.weights] == ["kernel", "bias", "lora_kernel_a", "lora_kernel_b"]
    assert [w.name for w in layer.trainable_weights] == ["bias", "lora_kernel_a", "lora_kernel_b"]
    assert layer.lora_enabled


def test_alpha_scales_the_product():
    layer = layers.Dense(3, use_bias=False, lora_rank=2, lora_alpha=6.0)
    layer.build((None, 4))
    layer.set_weights([np.zeros((4, 3)), np.ones((4, 2)), np.ones((2, 3))])
    np.testing.assert_allclose(layer.kernel.numpy(), np.full((4, 3), 6.0))
    np.testing.assert_allclose(layer(tf.ones((1, 4))).numpy(), np.full((1, 3), 24.0))


def test_alpha_scales_the_rows_of_an_embedding():
    layer = layers.Embedding(5, 3, lora_rank=2, lora_alpha=6.0)
    layer.build()
    layer.set_weights([np.zeros((5, 3)), np.ones((5, 2)), np.ones((2, 3))])
    np.testing.assert_allclose(layer(tf.constant([4])).numpy(), np.full((1, 3), 6.0))
    np.testing.assert_allclose(layer.embeddings.numpy(), np.full((5, 3), 6.0))


def test_a_store_holds_the_sum_and_loading_it_clears_the_product():
    layer, store = adapted(), {}
    inputs = tf.constant([[1.0, 2.0, 3.0, 4.0]])
    wanted = layer(inputs).numpy()
    layer.save_own_variables(store)
    assert sorted(store) == ["0", "1"]
    plain = built()
    plain.load_own_variables(store)
    np.testing.assert_allclose(plain(inputs).numpy(), wanted, rtol=1e-6)
    layer.load_own_variables(store)
    np.testing.assert_allclose(layer(inputs).numpy(), wanted, rtol=1e-6)
    assert not layer.lora_kernel_b.numpy().any()
    assert layer.lora_kernel_a.numpy().any()


def test_the_config_says_what_was_enabled_later():
    assert "lora_rank" not in built().get_config()
    config = adapted().get_config()
    assert (config["lora_rank"], config["lora_alpha"]) == (2, 2)


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: layers.Dense(3).enable_lora(2), ValueError, "expected a built layer"),
        (lambda: adapted().enable_lora(2), ValueError, "got rank 2 already"),
        (lambda: built().enable_lora(0), ValueError, "expected rank as a positive int, got 0"),
        (
            lambda: built(kernel_constraint="non_neg").enable_lora(1),
            ValueError,
            "without kernel_constraint",
        ),
        (lambda: layers.Dense(3, lora_rank=0), ValueError, "expected lora_rank as a positive int"),
        (
            lambda: layers.Dense(3, quantization_config=1),
            NotImplementedError,
            "quantized layers are not",
        ),
        (lambda: built().quantize("int8"), NotImplementedError, "mode='int8'"),
        (lambda: built().quantized_build((4, 3), "int8"), NotImplementedError, "mode='int8'"),
        (
            lambda: layers.EinsumDense("ab,bc->ac", 2, gptq_unpacked_column_size=1),
            NotImplementedError,
            "gptq_unpacked_column_size=1",
        ),
    ],
)
def test_misuse_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()
