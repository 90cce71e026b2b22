"""Layers of the recurrent family."""

from __future__ import annotations

from typing import Any

from tests.keras.layers.rows.spec import L, Row

SEQUENCES = ((2, 4, 3),)
ALL_OUTPUTS = {"return_sequences": True, "return_state": True}


def _row(name: str, layer: L, **kwargs: Any) -> Row:
    return Row(name, layer, SEQUENCES, **kwargs)


ROWS = [
    _row("simple-rnn", L("SimpleRNN", 2)),
    _row("simple-rnn-relu", L("SimpleRNN", 2, activation="relu", use_bias=False, **ALL_OUTPUTS)),
    _row("simple-rnn-mask", L("SimpleRNN", 2, **ALL_OUTPUTS), mask=True),
    _row("lstm", L("LSTM", 2)),
    _row("lstm-outputs", L("LSTM", 2, **ALL_OUTPUTS)),
    _row("lstm-mask", L("LSTM", 2, **ALL_OUTPUTS), mask=True),
    _row("lstm-mask-last", L("LSTM", 2), mask=True),
    _row("lstm-mask-zero", L("LSTM", 2, zero_output_for_mask=True, **ALL_OUTPUTS), mask=True),
    _row("lstm-mask-zero-last", L("LSTM", 2, zero_output_for_mask=True), mask=True),
    _row("lstm-backwards", L("LSTM", 2, go_backwards=True, **ALL_OUTPUTS), mask=True),
    _row("lstm-no-bias", L("LSTM", 2, use_bias=False, unroll=True)),
    _row(
        "lstm-hard",
        L("LSTM", 2, activation="relu", recurrent_activation="hard_sigmoid", return_sequences=True),
    ),
    _row("lstm-elu", L("LSTM", 2, activation="elu", **ALL_OUTPUTS), mask=True),
    _row("lstm-elu-unrolled", L("LSTM", 2, activation="elu", unroll=True)),
    _row(
        "lstm-penalties",
        L(
            "LSTM",
            2,
            activity_regularizer="l2",
            kernel_regularizer="l1",
            recurrent_constraint="unit_norm",
        ),
    ),
    _row("gru", L("GRU", 2)),
    _row("gru-outputs", L("GRU", 2, **ALL_OUTPUTS), mask=True),
    _row("gru-state", L("GRU", 2, **ALL_OUTPUTS), calls={"initial_state": (2, 2)}, mask=True),
    _row("gru-reset-before", L("GRU", 2, reset_after=False, **ALL_OUTPUTS), mask=True),
    _row("gru-no-bias", L("GRU", 2, use_bias=False)),
    _row("gru-softsign", L("GRU", 2, activation="softsign", return_sequences=True), mask=True),
    _row(
        "gru-softsign-before",
        L("GRU", 2, activation="softsign", reset_after=False, go_backwards=True),
    ),
    Row("simple-rnn-cell", L("SimpleRNNCell", 2), ((2, 3),), calls={"states": (2, 2)}),
    Row("gru-cell", L("GRUCell", 2), ((2, 3),), calls={"states": (2, 2)}),
    Row("gru-cell-before", L("GRUCell", 2, reset_after=False), ((2, 3),), calls={"states": (2, 2)}),
    _row("rnn-lstm-cell", L("RNN", L("LSTMCell", 2), **ALL_OUTPUTS), mask=True),
    _row("rnn-gru-cell", L("RNN", L("GRUCell", 2, reset_after=False))),
    _row("rnn-simple-cell", L("RNN", L("SimpleRNNCell", 2), zero_output_for_mask=True), mask=True),
    _row("rnn-stack", L("RNN", [L("LSTMCell", 2), L("GRUCell", 3)], **ALL_OUTPUTS), mask=True),
    _row(
        "rnn-stack-softsign",
        L("RNN", [L("SimpleRNNCell", 2, activation="softsign"), L("LSTMCell", 3)], **ALL_OUTPUTS),
        mask=True,
    ),
    _row("rnn-stacked-cells", L("RNN", L("StackedRNNCells", [L("GRUCell", 2), L("GRUCell", 2)]))),
    _row("bidirectional", L("Bidirectional", L("LSTM", 2))),
    _row("bidirectional-sum", L("Bidirectional", L("LSTM", 2, **ALL_OUTPUTS), "sum"), mask=True),
    _row("bidirectional-mul", L("Bidirectional", L("GRU", 2, return_sequences=True), "mul")),
    _row("bidirectional-ave", L("Bidirectional", L("GRU", 2), "ave"), mask=True),
    _row(
        "bidirectional-pair",
        L("Bidirectional", L("SimpleRNN", 2, **ALL_OUTPUTS), None),
        mask=True,
    ),
    _row(
        "bidirectional-two",
        L(
            "Bidirectional",
            L("LSTM", 2, return_sequences=True),
            backward_layer=L("GRU", 3, return_sequences=True, go_backwards=True),
        ),
        mask=True,
    ),
    _row("time-distributed", L("TimeDistributed", L("Dense", 2)), mask=True),
    Row("time-distributed-lstm", L("TimeDistributed", L("LSTM", 2)), ((2, 3, 2, 2),)),
    Row(
        "time-distributed-conv",
        L("TimeDistributed", L("Conv2D", 2, 2)),
        ((2, 2, 3, 3, 1),),
    ),
    Row("conv-lstm1d", L("ConvLSTM1D", 2, 2), ((2, 2, 4, 1),)),
    Row("conv-lstm2d", L("ConvLSTM2D", 2, 2, **ALL_OUTPUTS), ((2, 3, 3, 3, 1),), mask=True),
    Row(
        "conv-lstm2d-same",
        L("ConvLSTM2D", 2, 2, strides=2, padding="same", activation="relu", use_bias=False),
        ((2, 2, 3, 3, 1),),
    ),
    Row("conv-lstm3d", L("ConvLSTM3D", 1, 2, dilation_rate=2), ((2, 2, 3, 3, 3, 1),)),
]
