"""`Dense`: every input is connected to every unit."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.layers.core.adapted_layer import AdaptedLayer
from thalweg._src.ops.contraction import matmul, tensordot
from thalweg._src.ops.elementwise import add


class Dense(AdaptedLayer):
    """``activation(inputs @ kernel + bias)``.

    Args:
        units: Number of outputs for each sample.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(inputs, units)``.
        bias_initializer: Initializer of the bias, of shape ``(units,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        lora_rank: Rank of a trainable product that is added to the kernel, which is frozen; none when
            None. See `enable_lora`.
        lora_alpha: The product is scaled by ``lora_alpha / lora_rank``.
        quantization_config: Must be None: weights are not quantized.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., inputs)``, ragged ones and sparse matrices too; integers are
            cast to the compute dtype.

    Returns:
        Tensor of shape ``(batch, ..., units)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Dense(4)(tf.ones((2, 3))).shape
        TensorShape([2, 4])

    Source: `keras.layers.Dense`.
    """

    works_on_values = True

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            lora_rank,
            lora_alpha,
            quantization_config,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        if not isinstance(units, int) or units < 1:
            raise ValueError(f"[Dense] expected units as a positive int, got {units!r}.")
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.supports_masking = True

    @property
    def kernel(self) -> Any:
        """Weights of shape ``(inputs, units)``, with what adaptation adds."""
        return self._merged()

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        if not input_shape or not isinstance(input_shape[-1], int):
            raise ShapeError(
                f"[Dense {self.name!r}] expected a tensor with a known last size, got shape {input_shape}; "
                "give it in Input(shape=...), and several tensors to a Concatenate first."
            )
        self._kernel = self.add_weight(
            (input_shape[-1], self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self._finish_build()

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Outputs for the inputs, the same in training and outside."""
        del training
        kernel = self.kernel
        if inputs.shape[-1] != kernel.shape[0]:
            raise ShapeError(
                f"[Dense {self.name!r}] expected inputs whose last size is {kernel.shape[0]}, as when "
                f"it was built, got shape {inputs.shape}."
            )
        inputs, rank = self._floating(inputs), len(inputs.shape)
        outputs = matmul(inputs, kernel) if rank == 2 else tensordot(inputs, kernel, 1)
        if self.bias is not None:
            outputs = add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)
