"""Names: Keras' snake case, unique names, and the nearest known one."""

from __future__ import annotations

import pytest

from thalweg._src.base.naming import UniqueNames, nearest, snake_case


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dense", "dense"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("MaxPooling2D", "max_pooling2d"),
        ("RMSprop", "rm_sprop"),
        ("GlobalAveragePooling1D", "global_average_pooling1d"),
    ],
)
def test_snake_case_is_that_of_keras(name, expected):
    assert snake_case(name) == expected


def test_names_are_counted_from_the_second():
    names = UniqueNames()
    assert [names.make("dense") for _ in range(3)] == ["dense", "dense_1", "dense_2"]
    names.reset()
    assert names.make("dense") == "dense"


def test_the_nearest_name_is_suggested():
    assert nearest("adma", ["adam", "sgd"]) == "Did you mean 'adam'?"
    assert nearest("xyz", ["adam", "sgd"]) == "Known names: 'adam', 'sgd'."
