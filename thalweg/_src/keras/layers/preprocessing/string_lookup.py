"""`StringLookup`: indices of texts in a vocabulary."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.layers.preprocessing.index_lookup import IndexLookup


class StringLookup(IndexLookup):
    """Index of each text in a vocabulary, or what `output_mode` makes of the indices.

    Args:
        max_tokens: Size of the vocabulary at most, special tokens included; None for any.
        num_oov_indices: Indices for texts that are not in the vocabulary, among which their hash chooses;
            with 0 such texts are an error.
        mask_token: Text of index 0 that stands for nothing, with ``output_mode="int"``; None for none.
        oov_token: What stands for unknown texts where indices become texts.
        vocabulary: List of texts, or path of a file with one a line; learned by `adapt` when None.
        idf_weights: Inverse document frequency of each text, for ``output_mode="tf_idf"``.
        invert: Whether to give texts for indices.
        output_mode: ``"int"``; ``"one_hot"`` of each index; ``"multi_hot"``, ``"count"`` or ``"tf_idf"`` of
            the last axis.
        pad_to_max_tokens: Whether encodings have `max_tokens` places, however large the vocabulary is.
        sparse: Whether encodings are sparse tensors.
        encoding: How texts are coded as bytes.
        name: Name.
        salt: Integer, or two of them, that makes the hash of unknown texts another one, which nobody can
            foresee without it; None for a faster hash that is known to all.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Strings ``(...)``, ragged ones, too; integers with ``invert=True``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.StringLookup(vocabulary=["cat", "dog"])
        >>> layer(["dog", "cow"]).numpy().tolist()
        [2, 0]

    Source: `keras.layers.StringLookup`. A path in a config is refused: files are not followed to others.
    """

    token_dtype = dtypes.string
    _of_other_versions = IndexLookup._of_other_versions - {"encoding"}

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            max_tokens,
            num_oov_indices,
            mask_token,
            oov_token,
            vocabulary,
            idf_weights,
            invert,
            output_mode,
            pad_to_max_tokens,
            sparse,
            encoding=encoding,
            salt=salt,
            name=name,
            **kwargs,
        )

    def _token(self, value: Any) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode(self.encoding)

    def _plain(self, token: Any) -> str:
        return str(token.decode(self.encoding, errors="replace"))
