"""Arguments that `fit`, `evaluate` and `predict` took in Keras 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from thalweg._src.base.api_names import tells_older_arguments
from thalweg._src.keras.base.py_dataset import PyDataset

_Method = TypeVar("_Method", bound=Callable[..., Any])
_WORKERS = frozenset(("workers", "use_multiprocessing", "max_queue_size"))


def takes_workers(method: _Method) -> _Method:
    """Decorator: the settings of workers, which a `PyDataset` holds now, are handed on to it.

    As in Keras 2, they mean nothing for other data. Further arguments of older versions are refused with
    what to write instead.
    """
    checked = tells_older_arguments(f"keras.Model.{method.__name__}")(method)

    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not _WORKERS.isdisjoint(kwargs):
            settings = {name: kwargs.pop(name) for name in _WORKERS & kwargs.keys()}
            for data in (*args[:1], kwargs.get("x"), kwargs.get("validation_data")):
                if isinstance(data, PyDataset):
                    for name, value in settings.items():
                        setattr(data, name, value)
        return checked(self, *args, **kwargs)

    return cast(_Method, call)
