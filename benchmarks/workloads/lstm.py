"""The recurrent forecast of chapter 10: LSTM(16) over 120 hours of 14 measurements."""

from typing import Any

import numpy as np

from benchmarks.workloads import by_hand
from benchmarks.workloads.workload import Array, Size, Workload, sizes

FEATURES = 14


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Series (count, time, 14) and a temperature each."""
    rng = np.random.default_rng(0)
    series = rng.standard_normal((count, size.time, FEATURES), dtype="float32")
    return series, rng.standard_normal(count, dtype="float32")


def model(keras: Any, size: Size) -> Any:
    """A recurrent layer and a dense one."""
    inputs = keras.Input((size.time, FEATURES))
    x = keras.layers.LSTM(16)(inputs)
    found = keras.Model(inputs, keras.layers.Dense(1)(x))
    found.compile("rmsprop", "mse", metrics=["mae"])
    return found


def torch_model(torch: Any, size: Size) -> Any:
    """PyTorch's own LSTM (it has two biases), its loss and its metric."""
    nn = torch.nn

    class Forecast(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.recurrent, self.dense = nn.LSTM(FEATURES, 16, batch_first=True), nn.Linear(16, 1)

        def forward(self, series: Any) -> Any:
            return self.dense(self.recurrent(series)[0][:, -1])[:, 0]

    return Forecast(), nn.functional.mse_loss, nn.functional.l1_loss


def jax_model(jax: Any, size: Size) -> Any:
    """Kernels and biases, and the loss and metric of a batch: a scan over time."""
    numpy = jax.numpy

    def losses(weights: Any, x: Any, y: Any, key: Any) -> Any:
        kernel, recurrent, bias, last = weights
        fed = numpy.swapaxes(x @ kernel + bias, 0, 1)

        def hour(state: Any, fed: Any) -> Any:
            output, cell = state
            gates = numpy.split(fed + output @ recurrent, 4, axis=-1)
            enter, forget, leave = (jax.nn.sigmoid(gate) for gate in gates[:3])
            cell = forget * cell + enter * numpy.tanh(gates[3])
            return (leave * numpy.tanh(cell), cell), None

        zeros = numpy.zeros((len(x), 16))
        (output, _), _ = jax.lax.scan(hour, (zeros, zeros), fed)
        found = by_hand.dense(last, output)[:, 0]
        return ((found - y) ** 2).mean(), abs(found - y).mean()

    kernel, bias = by_hand.dense_weights(jax, FEATURES, 64)
    recurrent, _ = by_hand.dense_weights(jax, 16, 64)
    return [kernel, recurrent, bias, by_hand.dense_weights(jax, 16, 1)], losses


WORKLOAD = Workload(
    "LSTM 16 on 120x14, batch 256",
    data,
    model,
    sizes({"batch": 256, "steps": 40, "time": 120}, {"steps": 100}, batch=2, steps=3, time=5),
    torch=torch_model,
    jax=jax_model,
)
