"""Attention: its own gradient, and targets in blocks, against the formula."""

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from thalweg._src.ops.nn import attention

RNG = np.random.default_rng(0)
BATCH, TARGETS, SOURCES, HEADS, FEATURES, OUTPUTS = 2, 7, 12, 4, 3, 6
WHOLE = (BATCH, HEADS, TARGETS, SOURCES)
# Shapes of bias and mask.
SHAPES = [(None, None), (WHOLE, (TARGETS, SOURCES)), ((HEADS, 1, SOURCES), WHOLE), ((1, 1, TARGETS, 1), None)]


def formula(query, key, value, bias, mask, scale, causal, soft_cap):
    repeats = HEADS // key.shape[2]
    key, value = jnp.repeat(key, repeats, 2), jnp.repeat(value, repeats, 2)
    logits = jnp.einsum("btnh,bsnh->bnts", query, key) * scale
    logits = logits if bias is None else logits + bias
    logits = logits if soft_cap is None else soft_cap * jnp.tanh(logits / soft_cap)
    logits = logits if mask is None else jnp.where(mask, logits, -1e30)
    if causal:
        logits = jnp.where(jnp.tril(jnp.ones((TARGETS, SOURCES), bool)), logits, -1e30)
    return jnp.einsum("bnts,bsnh->btnh", jax.nn.softmax(logits), value)


def arrays(key_heads, bias_shape, mask_shape):
    def draw(*shape):
        return jnp.asarray(RNG.normal(size=shape))

    query = draw(BATCH, TARGETS, HEADS, FEATURES)
    key = draw(BATCH, SOURCES, key_heads, FEATURES)
    value = draw(BATCH, SOURCES, key_heads, OUTPUTS)
    bias = None if bias_shape is None else draw(*bias_shape)
    mask = None if mask_shape is None else jnp.asarray(RNG.random(mask_shape) < 0.7)
    if mask is not None and mask.ndim == 4:
        mask = mask.at[0, 0, 0].set(False)  # a target that sees nothing
    return query, key, value, bias, mask


@pytest.mark.parametrize("rows", [None, 0, 3], ids=["at_once", "few", "in_blocks"])
@pytest.mark.parametrize(
    ("key_heads", "causal", "soft_cap"), [(4, False, None), (2, True, None), (1, False, 0.8), (4, True, 2.0)]
)
def test_values_and_gradients_are_those_of_the_formula(rows, key_heads, causal, soft_cap, monkeypatch):
    if rows == 0:
        # Fewer pairs than numbers in queries and outputs.
        monkeypatch.setattr(attention, "_few", lambda *_: True)
    elif rows is not None:
        monkeypatch.setattr(attention, "_LARGE", 0)
        monkeypatch.setattr(attention, "_BLOCK", rows * BATCH * HEADS * SOURCES * 8)
    settings = {"scale": 0.7, "causal": causal, "soft_cap": soft_cap}
    for bias_shape, mask_shape in SHAPES:
        given = arrays(key_heads, bias_shape, mask_shape)

        def expected_of(query, key, value, bias=None, mask=given[4]):
            return formula(query, key, value, bias, mask, **settings)

        leaves = [x for x in given[:4] if x is not None]
        cotangent = jnp.asarray(RNG.normal(size=(BATCH, TARGETS, HEADS, OUTPUTS)))

        @jax.jit
        def both(given, cotangent, expected_of=expected_of, leaves=leaves):
            expected, pull = jax.vjp(expected_of, *leaves)
            found, residuals = attention._forward(*given, **settings)
            gradients = attention._backward(residuals, cotangent, **settings)
            return expected, pull(cotangent), found, gradients

        expected, wanted, found, gradients = both(given, cotangent)
        np.testing.assert_allclose(found, expected, atol=1e-12)
        assert gradients[4] is None
        for gradient, want in zip([g for g in gradients if g is not None], wanted, strict=True):
            np.testing.assert_allclose(gradient, want, atol=1e-12)


def test_long_sequences_take_bounded_memory():
    length, heads = 16384, 4
    settings = {"scale": None, "causal": True, "soft_cap": None}

    def step(x):
        outputs, residuals = attention._forward(x, x, x, **settings)
        return outputs, attention._backward(residuals, outputs, **settings)[:3]

    x = jax.ShapeDtypeStruct((1, length, heads, 16), np.float32)
    memory = jax.jit(step).lower(x).compile().memory_analysis().temp_size_in_bytes
    assert memory < heads * length**2 * 4 / 20
