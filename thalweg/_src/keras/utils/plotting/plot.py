"""`plot_model` and `model_to_dot`: pictures of models."""

from __future__ import annotations

import importlib
import sys
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.utils.plotting.diagram import Details, diagram_of
from thalweg._src.keras.utils.plotting.dot import Dot
from thalweg._src.keras.utils.plotting.drawing import check_direction
from thalweg._src.keras.utils.plotting.routing import style_of

# Suffixes of files that a notebook shows as pictures of pixels.
_PIXELS = (".png", ".jpg", ".jpeg", ".gif")


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str | bool = "ortho",
    **kwargs: Any,
) -> Dot:
    """Diagram of a model: the text of it in the DOT language, or files that are drawn of it.

    Args:
        model: A model that is built.
        show_shapes: Tell the shapes of inputs and outputs.
        show_dtype: Tell the dtype of outputs.
        show_layer_names: Tell the names of layers, beside their classes.
        rankdir: Which way arrows lead: ``"TB"`` down, ``"LR"`` right, ``"BT"`` up, ``"RL"`` left.
        expand_nested: Show the layers inside models that are layers, in a frame.
        dpi: Pixels per inch.
        subgraph: Write the text as a subgraph, to put into a graph of one's own.
        show_layer_activations: Tell the activations of layers that have one.
        show_trainable: Tell whether layers with weights are trained.
        splines: How arrows run: ``"ortho"`` at right angles, ``"curved"``, ``"line"`` straight, and other
            names that Graphviz has for these.
        **kwargs: None are known.

    Returns:
        Object with `to_string()`, `create(format)` and `write(path, format)`.

    Raises:
        ValueError: The model is not built, or an argument is not as above.

    Example:
        >>> import thalweg as tf
        >>> inputs = tf.keras.Input((3,), name="features")
        >>> model = tf.keras.Model(inputs, tf.keras.layers.Dense(2, name="scores")(inputs))
        >>> dot = tf.keras.utils.model_to_dot(model)
        >>> dot.to_string().count("->")
        1

    Source: `keras.utils.model_to_dot`, which returns an object of the package pydot and needs that and
    Graphviz. Here Graphviz draws where it is installed, and where it is not, we do.
    """
    if kwargs:
        raise InvalidArgumentError(
            f"[model_to_dot] got unknown arguments {sorted(kwargs)}; leave them out."
        )
    if not model.built:
        raise InvalidArgumentError(
            f"[model_to_dot] expected a model that is built, got {model.name!r}, which has seen no input; "
            "call it on a batch, or build(input_shape)."
        )
    check_direction(rankdir)
    style_of(splines)
    details = Details(
        shapes=show_shapes,
        dtype=show_dtype,
        names=show_layer_names,
        activations=show_layer_activations,
        trainable=show_trainable,
        stacked=rankdir in ("LR", "RL"),
    )
    return Dot(diagram_of(model, details, expand_nested), rankdir, splines, dpi, subgraph)


def plot_model(
    model: Any,
    to_file: str | PathLike[str] | None = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str | bool = "ortho",
    **kwargs: Any,
) -> Any:
    """Draws a model as boxes and arrows, into a file.

    Graphviz' program ``dot`` draws where it is installed. Where it is not, we draw: SVG needs nothing
    else, PNG and PDF need the extra `plot`.

    Args:
        model: A model that is built.
        to_file: Path of the picture; its suffix decides what is written: ``.png``, ``.svg``, ``.pdf`` or
            ``.dot``. None writes no file.
        show_shapes: Tell the shapes of inputs and outputs.
        show_dtype: Tell the dtype of outputs.
        show_layer_names: Tell the names of layers, beside their classes.
        rankdir: Which way arrows lead: ``"TB"`` down, ``"LR"`` right, ``"BT"`` up, ``"RL"`` left.
        expand_nested: Show the layers inside models that are layers, in a frame. The layers of a model with
            a `call` of its own stand one after the other, without arrows: their order is not known.
        dpi: Pixels per inch; fewer for pictures that would have more than 32,000 pixels a side.
        show_layer_activations: Tell the activations of layers that have one.
        show_trainable: Tell whether layers with weights are trained.
        splines: How arrows run: ``"ortho"`` at right angles, ``"curved"``, ``"line"`` straight, and other
            names that Graphviz has for these.
        **kwargs: None are known.

    Returns:
        In IPython and notebooks the picture, which is then shown (a PDF is not); elsewhere None.

    Raises:
        ValueError: The model is not built, or an argument is not as above.
        ImportError: Nothing that draws this kind of file is installed.

    Source: `keras.utils.plot_model`, which needs Graphviz and pydot. A layer that is called several times
    is one box, as there.
    """
    dot = model_to_dot(
        model,
        show_shapes=show_shapes,
        show_dtype=show_dtype,
        show_layer_names=show_layer_names,
        rankdir=rankdir,
        expand_nested=expand_nested,
        dpi=dpi,
        show_layer_activations=show_layer_activations,
        show_trainable=show_trainable,
        splines=splines,
        **kwargs,
    )
    if to_file is None:
        return _shown(dot.create("svg"), ".svg") if "IPython" in sys.modules else None
    dot.write(to_file)
    suffix = Path(to_file).suffix.lower() or ".png"
    if "IPython" not in sys.modules or suffix not in (*_PIXELS, ".svg"):
        return None
    return _shown(Path(fspath(to_file)).read_bytes(), suffix)


def _shown(contents: bytes, suffix: str) -> Any:
    """What IPython shows as a picture."""
    display = importlib.import_module("IPython.display")
    return display.SVG(contents) if suffix == ".svg" else display.Image(contents)
