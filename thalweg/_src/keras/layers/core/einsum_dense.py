"""`EinsumDense`: a dense layer over any dimensions, written as an equation."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.layers.core.adapted_layer import AdaptedLayer
from thalweg._src.ops.einsum import einsum
from thalweg._src.ops.elementwise import add

_EQUATION = re.compile(r"(\.\.\.)?([A-Za-z]+)(\.\.\.)?,([A-Za-z]+)->(\.\.\.)?([A-Za-z]+)(\.\.\.)?")


class EinsumDense(AdaptedLayer):
    """``activation(einsum(equation, inputs, kernel) + bias)``.

    Args:
        equation: Such as ``"ab,bc->ac"``: letters of the inputs' dimensions, of the kernel's and of the
            outputs'. ``...`` at one end of inputs and outputs stands for further dimensions.
        output_shape: Sizes of the outputs without the batch (and without what ``...`` stands for); None
            in it takes the size that the letter has in the inputs. One int for one size.
        activation: Name or function; none when None.
        bias_axes: Letters of the outputs along which the bias varies; no bias when None.
        kernel_initializer: Initializer of the kernel.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        lora_rank: Rank of a trainable product that is added to the kernel, which is frozen; none when
            None. See `enable_lora`.
        lora_alpha: The product is scaled by ``lora_alpha / lora_rank``.
        gptq_unpacked_column_size: Must be None: weights are not quantized.
        quantization_config: Must be None: weights are not quantized.
        **kwargs: See `Layer`.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")
        >>> layer(tf.ones((2, 3, 4))).shape
        TensorShape([2, 3, 5])

    Source: `keras.layers.EinsumDense`.
    """

    def __init__(
        self,
        equation: str,
        output_shape: Any,
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        gptq_unpacked_column_size: int | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(lora_rank, lora_alpha, quantization_config, **kwargs)
        if gptq_unpacked_column_size is not None:
            raise self._refused("gptq_unpacked_column_size", gptq_unpacked_column_size)
        self.equation = equation
        self.output_shape = (
            (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        )
        self.activation = activations.get(activation)
        self.bias_axes = bias_axes
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.gptq_unpacked_column_size = None
        self._terms = _parse(f"EinsumDense {self.name!r}", equation, bias_axes)

    @property
    def kernel(self) -> Any:
        """Weights, with what adaptation adds."""
        return self._merged()

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        sizes, elided = self._sizes(tuple(input_shape))
        kernel_shape = [sizes[letter] for letter in self._terms.kernel]
        if None in kernel_shape:
            unknown = self._terms.kernel[kernel_shape.index(None)]
            raise ShapeError(
                f"[EinsumDense {self.name!r}] expected known sizes for all dimensions of the kernel, "
                f"got none for {unknown!r} of {self.equation!r} with inputs of shape "
                f"{tuple(input_shape)} and output_shape={self.output_shape}; give it in "
                "Input(shape=...) or in output_shape."
            )
        self._kernel = self.add_weight(
            kernel_shape,
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.bias_axes:
            self.bias = self.add_weight(
                self._bias_shape(sizes, elided),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self._finish_build()

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Outputs for the inputs, the same in training and outside."""
        del training
        outputs = einsum(self.equation, self._floating(inputs), self.kernel)
        if self.bias is not None:
            outputs = add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs for a shape of inputs."""
        terms = self._terms
        sizes, elided = self._sizes(tuple(input_shape))
        named = tuple(sizes[letter] for letter in terms.output)
        return elided + named if terms.elided == "before" else named + elided

    def _sizes(self, shape: tuple[Any, ...]) -> tuple[dict[str, Any], tuple[Any, ...]]:
        """Size of each letter, and of the dimensions under the dots."""
        terms = self._terms
        extra = len(shape) - len(terms.input)
        if extra < 0 or (extra and not terms.elided):
            raise ShapeError(
                f"[EinsumDense {self.name!r}] expected inputs of rank {len(terms.input)} for "
                f"{terms.input!r} of {self.equation!r}, got shape {shape}; name each dimension or "
                "write '...'."
            )
        start = extra if terms.elided == "before" else 0
        elided = shape[:extra] if terms.elided == "before" else shape[len(terms.input) :]
        sizes = dict(zip(terms.input, shape[start:], strict=False))
        # The batch has no place in output_shape: the first dimension of inputs and outputs, or one of "...".
        wanted = self.output_shape
        batch = () if terms.elided == "before" else (shape[0],)
        if len(wanted) + len(batch) != len(terms.output):
            raise ShapeError(
                f"[EinsumDense {self.name!r}] expected output_shape with a size for each of "
                f"{terms.output[len(batch) :]!r} of {self.equation!r}, got {wanted}."
            )
        for letter, size in zip(terms.output, (*batch, *wanted), strict=True):
            known = sizes.get(letter)
            if size is not None and known is not None and size != known:
                raise ShapeError(
                    f"[EinsumDense {self.name!r}] expected {letter!r} to have one size in inputs and "
                    f"output_shape, got {known} and {size}; write None in output_shape."
                )
            sizes[letter] = known if size is None else size
        for letter in terms.kernel:
            sizes.setdefault(letter, None)
        return sizes, elided

    def _bias_shape(self, sizes: dict[str, Any], elided: tuple[Any, ...]) -> list[Any]:
        """Shape that broadcasts to the outputs, from the first letter with a bias on."""
        letters, axes = self._terms.output, self.bias_axes or ""
        named = letters[min(map(letters.index, axes)) :]
        shape = [sizes[letter] if letter in axes else 1 for letter in named]
        return shape + [1] * len(elided) if self._terms.elided == "after" else shape


class _Terms(NamedTuple):
    """Letters of an equation.

    Attributes:
        input: Letters of the inputs.
        kernel: Letters of the kernel.
        output: Letters of the outputs.
        elided: Where ``...`` stands: ``"before"`` or ``"after"`` the letters, or ``""``.
    """

    input: str
    kernel: str
    output: str
    elided: str


def _parse(where: str, equation: str, bias_axes: str | None) -> _Terms:
    found = _EQUATION.fullmatch(equation.replace(" ", ""))
    if found is None:
        raise InvalidArgumentError(
            f"[{where}] expected an equation such as 'ab,bc->ac' or '...x,xy->...y', got {equation!r}."
        )
    before, inputs, after, kernel, out_before, outputs, out_after = found.groups()
    if (before, after) != (out_before, out_after) or (before and after):
        raise InvalidArgumentError(
            f"[{where}] expected '...' at one end of inputs and outputs, got {equation!r}."
        )
    unknown = [n for n in outputs if n not in inputs + kernel] + [
        n for n in kernel if n not in inputs + outputs
    ]
    if unknown:
        raise InvalidArgumentError(
            f"[{where}] expected each letter of kernel and outputs in another term too, got "
            f"{unknown[0]!r} in one term of {equation!r}."
        )
    odd = [n for n in bias_axes or "" if n not in outputs]
    if odd:
        raise InvalidArgumentError(
            f"[{where}] expected bias_axes among the output's letters {outputs!r}, got {odd[0]!r}."
        )
    return _Terms(inputs, kernel, outputs, "before" if before else "after" if after else "")
