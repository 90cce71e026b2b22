"""Layers of the core family."""

from __future__ import annotations

from tests.keras.layers.rows.spec import L, Row

ROWS = [
    Row("dense", L("Dense", 3, activation="tanh"), ((2, 4),)),
    Row("dense-3d", L("Dense", 2, use_bias=False), ((2, 3, 4),)),
    Row("dense-lora", L("Dense", 3, lora_rank=2), ((2, 4),)),
    Row("einsum-dense", L("EinsumDense", "ab,bc->ac", 3, activation="tanh"), ((2, 4),)),
    Row("einsum-dense-bias", L("EinsumDense", "abc,cde->abde", (None, 3, 2), bias_axes="de"), ((2, 3, 4),)),
    Row(
        "einsum-dense-leading",
        L("EinsumDense", "...bc,cd->...bd", (3, 2), bias_axes="d"),
        ((2, 2, 3, 4),),
    ),
    Row("einsum-dense-trailing", L("EinsumDense", "ab...,bc->ac...", 5, bias_axes="c"), ((2, 3, 4),)),
    Row(
        "einsum-dense-lora",
        L("EinsumDense", "abc,cde->abde", (None, 3, 2), bias_axes="e", lora_rank=1),
        ((2, 3, 4),),
    ),
    Row("embedding", L("Embedding", 7, 3), ((2, 4),), integers=7),
    # The contract's training step flattens, which loses masks with a warning.
    Row(
        "embedding-masked",
        L("Embedding", 7, 3, mask_zero=True),
        ((2, 4),),
        integers=3,
        trainable=False,
    ),
    Row("embedding-lora", L("Embedding", 7, 3, lora_rank=2), ((2, 4),), integers=7),
    Row("reversible-embedding", L("ReversibleEmbedding", 7, 3), ((2, 4),), integers=7),
    Row(
        "reversible-embedding-back",
        L("ReversibleEmbedding", 7, 3, logit_soft_cap=0.5),
        ((2, 4, 3),),
        {"reverse": True},
    ),
    Row(
        "reversible-embedding-untied",
        L("ReversibleEmbedding", 7, 3, tie_weights=False),
        ((2, 4, 3),),
        {"reverse": True},
    ),
    Row("masking", L("Masking", 0.5), ((2, 3, 4),), trainable=False),
    Row("identity", L("Identity"), ((2, 4),)),
    Row("activation", L("Activation", "tanh"), ((2, 4),)),
    Row("flatten", L("Flatten"), ((2, 3, 4),)),
    Row("rescaling", L("Rescaling", 0.5, offset=-1.0), ((2, 4),)),
]
