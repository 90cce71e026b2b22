"""`Config` beyond the golden values."""

from __future__ import annotations

import copy
import pickle

import pytest

import thalweg as tf

Config = tf.keras.utils.Config


def test_copies_are_equal_and_their_own():
    config = Config(a=1, b=[2])
    for again in (copy.deepcopy(config), pickle.loads(pickle.dumps(config)), Config(**config)):
        assert again == config
        again.a = 2
        assert config.a == 1
    assert config != Config(a=1)


def test_updates_take_configs():
    config = Config(a=1)
    config.update(Config(b=2), c=3)
    assert config.as_dict() == {"a": 1, "b": 2, "c": 3}


def test_settings_are_removed():
    config = Config(a=1, b=2)
    del config.a
    del config["b"]
    assert len(config) == 0
    with pytest.raises(AttributeError, match=r"\[Config\] no setting is called 'a'"):
        del config.a


def test_messages():
    config = Config(a=1)
    with pytest.raises(AttributeError, match=r"no setting is called 'b'; there are \['a'\]"):
        _ = config.b
    config.freeze()
    with pytest.raises(ValueError, match=r"unfrozen config to change 'a'; call unfreeze\(\)"):
        config.a = 2
