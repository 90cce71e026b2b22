"""The training loops that ``fit`` stands for, written by hand in PyTorch and in JAX."""

from collections.abc import Callable
from typing import Any

from benchmarks.workloads.workload import Array, Fit, Size, Workload

RATE, DECAY, EPSILON = 1e-3, 0.9, 1e-7
"""Of RMSprop, as Keras has them."""


def torch_fit(workload: Workload, torch: Any, _: None, size: Size) -> Fit:
    """Shuffled epochs of PyTorch on data that lies on the device, with a running loss and metric."""
    assert workload.torch is not None
    device = "cuda" if torch.cuda.is_available() else "cpu"
    module, loss, metric = workload.torch(torch, size)
    module.to(device)
    optimizer = torch.optim.RMSprop(module.parameters(), lr=RATE, alpha=DECAY, eps=EPSILON)

    def fit(x: Array, y: Array, enough: Callable[[], bool], bar: bool) -> None:
        inputs, targets = (torch.from_numpy(part).to(device) for part in (x, y))
        module.train()
        while True:
            order, totals = torch.randperm(len(x), device=device), torch.zeros(2, device=device)
            for start in range(0, len(x), size.batch):
                rows = order[start : start + size.batch]
                wanted = targets[rows]
                optimizer.zero_grad()
                found = module(inputs[rows])
                value = loss(found, wanted)
                value.backward()
                optimizer.step()
                with torch.no_grad():
                    totals += torch.stack([value, metric(found, wanted)])
            totals.tolist()
            if enough():
                return

    return fit


def jax_fit(workload: Workload, jax: Any, _: None, size: Size) -> Fit:
    """Shuffled epochs of one jitted step on data that lies on the device, RMSprop by hand."""
    import numpy as np

    assert workload.jax is not None
    parameters, losses = workload.jax(jax, size)
    numpy, tree = jax.numpy, jax.tree

    def step(state: Any, totals: Any, data: Any, order: Any, index: Any) -> Any:
        weights, squares = state
        rows = jax.lax.dynamic_slice(order, (index * size.batch,), (size.batch,))
        x, y = (numpy.take(part, rows, axis=0) for part in data)
        key = jax.random.fold_in(jax.random.key(0), index)
        (loss, metric), slopes = jax.value_and_grad(losses, has_aux=True)(weights, x, y, key)
        squares = tree.map(lambda s, g: DECAY * s + (1 - DECAY) * g * g, squares, slopes)
        weights = tree.map(
            lambda w, g, s: w - RATE * g / numpy.sqrt(s + EPSILON), weights, slopes, squares
        )
        return (weights, squares), totals + numpy.stack([loss, metric])

    step = jax.jit(step, donate_argnums=(0, 1))
    state = (parameters, tree.map(numpy.zeros_like, parameters))

    def fit(x: Array, y: Array, enough: Callable[[], bool], bar: bool) -> None:
        nonlocal state
        data, rng = jax.device_put((x, y)), np.random.default_rng(0)
        while True:
            order, totals = jax.device_put(rng.permutation(len(x)).astype("int32")), numpy.zeros(2)
            for index in range(len(x) // size.batch):
                state, totals = step(state, totals, data, order, np.int32(index))
            np.asarray(totals)
            if enough():
                return

    return fit
