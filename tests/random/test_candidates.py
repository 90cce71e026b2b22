"""Candidate samplers: laws, distinctness, expected counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import thalweg as tf


@pytest.fixture(autouse=True)
def _seeded():
    tf.random.set_seed(8)


def test_uniform():
    found = tf.random.uniform_candidate_sampler([[1, 2], [3, 4]], 2, 30_000, False, 10)
    assert found.sampled_candidates.dtype == tf.int64
    counts = np.bincount(found.sampled_candidates, minlength=10)
    assert stats.chisquare(counts).pvalue > 1e-3
    assert found.true_expected_count.shape == (2, 2)
    np.testing.assert_allclose(found.true_expected_count, 3000.0)
    np.testing.assert_allclose(found.sampled_expected_count, 3000.0)


def test_log_uniform():
    found = tf.random.log_uniform_candidate_sampler([[0, 9]], 2, 30_000, False, 10)
    k = np.arange(10)
    share = np.log((k + 2) / (k + 1)) / np.log(11)
    counts = np.bincount(found.sampled_candidates, minlength=10)
    assert stats.chisquare(counts, 30_000 * share).pvalue > 1e-3
    np.testing.assert_allclose(found.true_expected_count, [30_000 * share[[0, 9]]], rtol=1e-5)


def test_unique_samples_are_distinct():
    found = tf.random.log_uniform_candidate_sampler([[1]], 1, 10, True, 10)
    assert sorted(found.sampled_candidates.numpy().tolist()) == list(range(10))
    assert (found.sampled_expected_count.numpy() <= 1).all()
    frequent = found.sampled_expected_count.numpy()[found.sampled_candidates.numpy() == 0]
    rare = found.sampled_expected_count.numpy()[found.sampled_candidates.numpy() == 9]
    assert frequent > rare


def test_all():
    found = tf.random.all_candidate_sampler(np.array([[1, 2]]), 2, 5, True)
    assert found.sampled_candidates.numpy().tolist() == [0, 1, 2, 3, 4]
    assert found.true_expected_count.numpy().tolist() == [[1.0, 1.0]]


def test_each_call_draws_anew():
    one, other = (
        tf.random.uniform_candidate_sampler([[1]], 1, 50, False, 1000).sampled_candidates.numpy()
        for _ in range(2)
    )
    assert (one != other).any()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda s: s([[1]], 1, 11, True, 10), "num_sampled <= range_max"),
        (lambda s: s([[1, 2]], 1, 3, False, 10), "num_true=1"),
        (lambda s: s([1, 2], 1, 3, False, 10), "(batch, num_true=1)"),
    ],
)
def test_errors(call, text):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        call(tf.random.uniform_candidate_sampler)
    assert text in str(caught.value)
