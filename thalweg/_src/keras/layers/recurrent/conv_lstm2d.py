"""`ConvLSTM2D`: a long short-term memory of sequences of images."""

from __future__ import annotations

from thalweg._src.keras.layers.recurrent.conv_lstm import ConvLSTM


class ConvLSTM2D(ConvLSTM):
    """Long short-term memory of sequences of images, whose products are convolutions.

    Args:
        filters: Number of outputs at each place.
        kernel_size: Size of a window in each dimension; one int for all. The state is convolved with
            windows of this size, too.
        strides: Steps between windows, likewise.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows with
            zeros around.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        activation: Activation of candidate and memory, a name or function; none when None.
        recurrent_activation: Activation of the gates.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(*window, channels, 4 * filters)``.
        recurrent_initializer: Initializer of the recurrent kernel, of shape
            ``(*window, filters, 4 * filters)``.
        bias_initializer: Initializer of the bias, of shape ``(4 * filters,)``.
        unit_forget_bias: Whether the bias of the forget gate begins as 1.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        recurrent_regularizer: Likewise for the recurrent kernel.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        recurrent_constraint: Likewise for the recurrent kernel.
        bias_constraint: Likewise for the bias.
        dropout: Fraction of the inputs to drop in training, in [0, 1]; the same in all steps, for each gate
            anew.
        recurrent_dropout: Fraction of the state to drop before its product, likewise.
        seed: Seed of dropout; None for one from the global generator.
        return_sequences: Whether to return the outputs of all steps instead of the last one's.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to begin with the last step; outputs then come in that order.
        stateful: Whether a call begins with the final states of the call before. The number of sequences
            must be fixed then.
        **kwargs: ``unroll`` and ``zero_output_for_mask``, see `RNN`; and see `Layer`.

    Call arguments:
        sequences: Tensor ``(batch, time, height, width, channels)``.
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
        >>> tf.keras.layers.ConvLSTM2D(4, 3)(tf.ones((1, 2, 5, 5, 1))).shape
        TensorShape([1, 3, 3, 4])

    Source: Shi et al. 2015, "Convolutional LSTM network"; `keras.layers.ConvLSTM2D`. Strides and
    dilation may be combined.
    """

    rank = 2
