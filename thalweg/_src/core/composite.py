"""`Composite`: tensors made of several tensors, and how ops and functions are handed to their classes.

There are two ways in. The door hands over every op that gets a composite. A public function that looks
at shapes before it comes to the door is marked `dispatched`, and hands over itself.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from thalweg._src.base.errors import InvalidArgumentError

# What the first element of a list may be without the list being one of tensors.
_NUMBERS = frozenset({int, float, bool, str, bytes, complex})

#: What a program can want to know of sizes that were rounded up; see `Composite._roomy`. The first is the
#: only one that may stay rounded.
WIDTH = "length that no row exceeds"
LONGEST = "length of the longest row"
TOTAL = "number of values"


class _Wishes(threading.local):
    """What the program that is traced wants to know exactly."""

    def __init__(self) -> None:
        self.found: set[str] = set()


wishes = _Wishes()


def bucket(size: int, least: int = 1) -> int:
    """The size rounded up to a power of two, so that many sizes need few programs."""
    return 1 << (max(size, least) - 1).bit_length()


class Composite:
    """Base of ragged and sparse tensors.

    Attributes:
        rules: By name of an op or function what it means for this kind of tensor: a function of the
            same arguments. Each kind fills its own.
    """

    __slots__ = ()
    # NumPy must not take the left operand's part in ``ndarray + composite``.
    __array_priority__ = 100
    rules: ClassVar[dict[str, Callable[..., Any]]] = {}

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)  # type: ignore[attr-defined]

    @property
    def _type_spec(self) -> Any:
        """Spec of tensors like it."""
        raise NotImplementedError

    @property
    def _inner_values(self) -> Any:
        """The tensor through which gradients flow."""
        raise NotImplementedError

    def _with_inner_values(self, values: Any) -> Any:
        """The same with another such tensor."""
        raise NotImplementedError

    def _flatten_composite(self) -> list[Any]:
        """The tensors it is made of."""
        raise NotImplementedError

    def _fixed(self) -> Any:
        """What else it is made of: a compiled function has one program for each. Hashable."""
        return ()

    def _pack_composite(self, parts: Sequence[Any]) -> Any:
        """One of the same kind made of other tensors."""
        raise NotImplementedError

    def _handle(
        self, name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        """Result of an op or function that got this tensor among its arguments.

        Args:
            name: Name of the op or function.
            function: The op or function itself, for the tensors that this one is made of.
            args: Positional arguments.
            kwargs: Arguments by name.

        Raises:
            InvalidArgumentError: It has no meaning for this kind of tensor.
        """
        rule = self.rules.get(name)
        if rule is None:
            raise InvalidArgumentError(
                f"[{name}] expected dense tensors, got a {type(self).__name__} of shape "
                f"{self.shape}; {self._hint()}."  # type: ignore[attr-defined]
            )
        return rule(*args, **kwargs)

    def _roomy(self, exact: frozenset[str] = frozenset()) -> Any:
        """The same with more room: sizes that differ from batch to batch are rounded up, rows stay.

        A program that is made for it serves all tensors of like sizes. What fills the room does not count:
        functions that know of it leave it out, and all others ask for exact sizes, by adding `TOTAL` or
        `LONGEST` to `wishes.found`. Who traced the program then traces it anew with what was asked for.

        Args:
            exact: What was asked for.
        """
        del exact
        return self

    def _tight(self) -> Any:
        """The same on the host without the room; of what a program returned."""
        return self

    def _text(self, arrays: Sequence[Any], summarize: int | None) -> str:
        """Text as `tf.print` writes it.

        Args:
            arrays: NumPy arrays of the tensors it is made of.
            summarize: Number of first and last elements to show in each dimension; all when negative.
        """
        raise NotImplementedError

    def _hint(self) -> str:
        return "make it dense first"


def first_composite(values: Iterable[Any]) -> Composite | None:
    """The first composite among arguments, and in lists among them."""
    for value in values:
        if isinstance(value, Composite):
            return value
        if type(value) in (list, tuple) and value and type(value[0]) not in _NUMBERS:
            for part in value:
                if isinstance(part, Composite):
                    return part
    return None


#: Names of the functions that hand over.
DISPATCHED: set[str] = set()


def dispatched(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator of public functions: a composite among the arguments gets the call handed.

    Args:
        name: Name of the function in `Composite.rules`.
    """

    DISPATCHED.add(name)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def public(*args: Any, **kwargs: Any) -> Any:
            found = first_composite(args)
            if found is None and kwargs:
                found = first_composite(kwargs.values())
            if found is None:
                return function(*args, **kwargs)
            return found._handle(name, public, args, kwargs)

        return public

    return decorate
