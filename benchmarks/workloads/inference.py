"""Prediction over batches of images: features of VGG16 (chapter 8), classes of ResNet50."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.case import KERAS, Case, Mode, Thunk, Unit
from benchmarks.workloads.training import memory
from benchmarks.workloads.workload import Size, sizes

MEASURES: Mapping[str, Unit] = {
    "batch": "s",
    "first batch": "s",
    "peak memory": "B",
    "peak less data": "B",
}


def predict(tf: Any, keras: Any, size: Size) -> Thunk:
    """Returns a call that builds a network with random weights and predicts with it.

    The first batch counts from the data in hand; a batch is then the mean over calls of ``predict``.
    """

    def call() -> dict[str, float]:
        rng, shape = np.random.default_rng(0), (size.side, size.side, 3)
        images = rng.random((size.batch * size.steps, *shape), dtype="float32")
        start = perf_counter()
        network = getattr(keras.applications, size.network)
        model = network(weights=None, include_top=size.top, input_shape=shape)
        model.predict(images[: size.batch], batch_size=size.batch, verbose=0)
        found = {"first batch": perf_counter() - start}
        model.predict(images, batch_size=size.batch, verbose=0)
        start, calls = perf_counter(), 0
        while not calls or perf_counter() - start < size.seconds:
            model.predict(images, batch_size=size.batch, verbose=0)
            calls += 1
        found["batch"] = (perf_counter() - start) / (calls * size.steps)
        return found | memory(images.nbytes)

    return call


def _case(name: str, tiny: Mapping[str, Any], **size: Any) -> Case:
    """Returns a case of a network."""
    found = sizes({"batch": 32, "steps": 3, **size}, None, **{"batch": 2, "steps": 1, **tiny})
    return Case(name, predict, Mode.MEASURES, (), KERAS, measures=MEASURES, sizes=found)


CASES = (
    _case("VGG16 features 180x180, batch 32", {"side": 32}, network="VGG16", top=False, side=180),
    _case(
        "ResNet50 inference 224x224, batch 32",
        # A small network of another family: the tests need not wait for fifty layers.
        {"side": 32, "top": False, "network": "VGG16"},
        network="ResNet50",
        top=True,
        side=224,
    ),
)
