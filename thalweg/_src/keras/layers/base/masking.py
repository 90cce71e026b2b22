"""Masks: which steps of a tensor count, carried as notes from layer to layer.

A mask is a boolean tensor of the first dimensions of its tensor, such as ``(batch, time)``. `Embedding`
and `Masking` make masks; layers whose `call` has a ``mask`` parameter receive them; layers with
``supports_masking`` pass them on; losses and metrics leave out what is masked. A note belongs to one
tensor, eager or traced, so that all paths through a model carry masks the same way.
"""

from __future__ import annotations

import warnings
from typing import Any

from thalweg._src.base import nest
from thalweg._src.core.composite import Composite
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.layers.base.signature import CallSignature, signature_of


def mask_of(value: Any) -> Any:
    """Mask of a tensor, or the masks of a structure of tensors; None when there is none at all."""
    if type(value) is Tensor or isinstance(value, (KerasTensor, Composite)):
        return masks.get(value)
    if not nest.is_nested(value):
        return None
    found = nest.map_structure(mask_of, value)
    return found if any(m is not None for m in nest.flatten(found)) else None


def give_masks(
    signature: CallSignature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Puts the masks of the arguments into `kwargs` where `call` takes and misses them.

    On symbolic tensors the masks are specs: they serve to infer shapes, and are no part of the graph.

    Returns:
        Mask of the first argument, given or carried.
    """
    first = None
    for position, name, parameter in signature.masks:
        value = args[position] if position < len(args) else kwargs.get(name)
        given = kwargs.get(parameter)
        at = signature.names.index(parameter)
        if at < len(args):
            given = args[at]
        elif given is None:
            given = mask_of(value)
            if given is not None:
                kwargs[parameter] = given
        if position == 0:
            first = given
    if first is None and (not signature.masks or signature.masks[0][0] != 0):
        value = args[0] if args else next(iter(kwargs.values()), None)
        first = mask_of(value)
    return first


def pass_on(layer: Any, inputs: Any, mask: Any, outputs: Any) -> None:
    """Notes the masks of a layer's outputs, and warns where a layer loses one.

    Args:
        layer: The layer.
        inputs: Its first argument.
        mask: The mask of that, or None.
        outputs: What it returned.
    """
    if not layer.supports_masking:
        if mask is not None and not signature_of(type(layer).call).masks:
            warnings.warn(
                f"[{type(layer).__name__} {layer.name!r}] got an input with a mask, which it does not pass "
                "on: masked steps count from here. Set supports_masking = True in the layer, or put it "
                "before the masking.",
                stacklevel=4,
            )
        return
    note(layer.compute_mask(inputs, mask), outputs)


def note(found: Any, outputs: Any) -> None:
    """Notes masks on outputs that have none.

    Args:
        found: Mask, or a structure of masks for several outputs; None for nothing.
        outputs: Tensor or structure of tensors.
    """
    if found is None:
        return
    flat = nest.flatten(outputs)
    parts = nest.flatten(found) if nest.is_nested(found) else [found]
    if len(parts) == 1:
        parts = parts * len(flat) if nest.is_nested(outputs) else parts
    for output, part in zip(flat, parts, strict=False):
        if part is not None and masks.get(output) is None:
            masks.set(output, part)
