"""`ConvLSTM3D`: a long short-term memory of sequences of volumes."""

from __future__ import annotations

from thalweg._src.keras.layers.recurrent.conv_lstm import ConvLSTM


class ConvLSTM3D(ConvLSTM):
    """Long short-term memory of sequences of volumes, whose products are convolutions.

    Arguments are those of `ConvLSTM2D`.

    Call arguments:
        sequences: Tensor ``(batch, time, depth, height, width, channels)``.
        initial_state: First output and memory, a list of two tensors; zeros when None.
        mask: Boolean tensor ``(batch, time)``: where False, the states stay as they are.
        training: Whether to drop.

    Returns:
        Output ``(batch, *places, filters)``, or ``(batch, time, *places, filters)`` with
        `return_sequences`; with `return_state` the tuple ``(output, hidden, memory)``.

    Raises:
        ValueError: A size but for batch and time is unknown, or an argument does not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ConvLSTM3D(4, 3)(tf.ones((1, 2, 3, 5, 5, 1))).shape
        TensorShape([1, 1, 3, 3, 4])

    Source: Shi et al. 2015, "Convolutional LSTM network"; `keras.layers.ConvLSTM3D`. Strides and
    dilation may be combined.
    """

    rank = 3
