"""Steps in programs: how many a dispatch takes, and that nothing depends on it."""

import numpy as np
import pytest

from thalweg import keras
from thalweg._src.keras.training import program


@pytest.mark.parametrize(("samples", "batch"), [(96, 8), (104, 8), (50, 8)])
def test_counts_within_programs_give_the_same_numbers(samples, batch, monkeypatch):
    """Accelerators take programs for a fixed number of steps; here they run on CPU."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(samples, 3)).astype("float32"), rng.normal(size=(samples, 1)).astype("float32")

    def history():
        keras.utils.set_random_seed(7)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
        model.compile("adam", "mse", metrics=["mae"])
        return model.fit(x, y, batch_size=batch, epochs=3, verbose=0).history

    expected = history()
    monkeypatch.setattr(program.xla, "on_cpu", lambda: False)
    # Long steps, so that a pass takes several dispatches.
    monkeypatch.setattr(program, "seconds_of", lambda _: 0.007)
    assert history() == expected


def test_fixed_counts_divide_a_pass_where_some_do(monkeypatch):
    class Steps(program.StepProgram):
        def __init__(self):
            self._steps_per_dispatch = 1
            self.body = type("Body", (), {"run": type("Run", (), {"jaxpr": None})})

    def counts(total, seconds):
        monkeypatch.setattr(program, "seconds_of", lambda _: seconds)
        steps, found = Steps(), []
        for _ in range(2):
            left = total
            while left:
                found.append(min(left, steps._fixed_count(left)))
                left -= found[-1]
        return found

    assert counts(1875, 5e-5) == [375] * 10
    assert counts(100, 5e-5) == [100] * 2
    assert counts(7, 0.5) == [1] * 14
    assert set(counts(1879, 5e-5)) == {600, 79}
