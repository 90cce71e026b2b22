"""`TextVectorization`: texts to indices of their words, or to encodings of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import current_mode
from thalweg._src.keras.layers.preprocessing.index_lookup import batches_of
from thalweg._src.keras.layers.preprocessing.string_lookup import StringLookup
from thalweg._src.keras.layers.preprocessing.text_engine import (
    END,
    SPLITS,
    STANDARDIZATIONS,
    TextEngine,
    dense,
)
from thalweg._src.keras.layers.preprocessing.vocabulary import END_INDEX
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.shaping import reshape, squeeze
from thalweg._src.ops.strings.blocks import array_of, texts_of
from thalweg._src.ops.strings.splitting import ngrams as ngrams_of

_MODES = ("int", "multi_hot", "count", "tf_idf")


def _index_form(inputs: Any, *, length: int | None, **_: Any) -> Any:
    # As many words as texts, where their number is not fixed: another number for other samples.
    return np.zeros((*inputs.shape, inputs.size if length is None else length), np.int64)


def _of_one_length(_: Any, *, length: int | None, **__: Any) -> bool:
    return length is not None


@op("text_indices", matched=(), on_host=True, pointwise=_of_one_length, form=_index_form)
def text_indices(
    inputs: Any, *, engine: Any, vocabulary: Any, length: int | None, filler: int, rounded: bool
) -> Any:
    """Indices of the words of each text, cut or filled up to one length."""
    texts = texts_of(inputs)
    words = engine.words(texts)
    if words is None:
        indices = vocabulary.indices(engine.tokens(texts))
    else:
        indices = vocabulary.indices_of_words(words)
    found = dense(indices, END_INDEX, length, filler, rounded)
    return found.reshape(*inputs.shape, found.shape[1])


@op("text_tokens", matched=(), on_host=True)
def text_tokens(inputs: Any, *, engine: Any) -> Any:
    """Words of all texts, one text after the other, and how many each has."""
    tokens = array_of(engine.tokens(texts_of(inputs)))
    ends = np.flatnonzero(tokens == END)
    return tokens[tokens != END], np.diff(ends, prepend=-1) - 1


@op("clean_texts", matched=(), on_host=True, pointwise=True)
def clean_texts(inputs: Any, *, engine: Any) -> Any:
    """Texts standardized."""
    return array_of(map(engine.clean, texts_of(inputs)), inputs.shape)


class TextVectorization(DataLayer):
    """Indices of the words of each text, or what `output_mode` makes of them.

    Args:
        max_tokens: Size of the vocabulary at most, special tokens included; None for any.
        standardize: ``"lower_and_strip_punctuation"``, ``"lower"``, ``"strip_punctuation"``, None, or a
            function of a string tensor.
        split: ``"whitespace"``, ``"character"``, None, or a function of a string tensor ``(batch,)`` that
            returns a ragged one.
        ngrams: Join runs of up to so many words to tokens; or a tuple of lengths of runs.
        output_mode: ``"int"``, or per text ``"multi_hot"`` (is a token there), ``"count"`` (how often) or
            ``"tf_idf"`` (counts times inverse document frequencies).
        output_sequence_length: Cut or fill up to so many indices, with ``"int"``; as many as the longest
            text of a batch has when None.
        pad_to_max_tokens: Whether encodings have `max_tokens` places, however large the vocabulary is.
        vocabulary: List of tokens, or path of a file with one a line; learned by `adapt` when None.
        idf_weights: Inverse document frequency of each token, for ``"tf_idf"``.
        sparse: Whether encodings are sparse tensors.
        ragged: Whether indices are a ragged tensor instead of filled up.
        encoding: How texts are coded as bytes.
        name: Name.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Strings ``()``, ``(batch,)`` or ``(batch, 1)``.

    Returns:
        int64 ``(batch, words)``, without the batch for a single text; encodings ``(batch, tokens)``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.TextVectorization(output_sequence_length=4)
        >>> layer.adapt(["the cat", "the dog"])
        >>> layer(["The cat!", "a cow"]).numpy().tolist()
        [[2, 4, 0, 0], [1, 1, 0, 0]]

    Source: `keras.layers.TextVectorization`. Words run through one loop on the host, for a whole block of
    texts at once.
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: Any = "lower_and_strip_punctuation",
        split: Any = "whitespace",
        ngrams: Any = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.max_tokens = max_tokens
        self.standardize = standardize
        self.split = split
        self.ngrams = ngrams
        self.output_mode = current_mode(output_mode)
        self.output_sequence_length = output_sequence_length
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = sparse
        self.ragged = ragged
        self.encoding = encoding
        self._check_arguments()
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens,
            vocabulary=vocabulary,
            idf_weights=idf_weights,
            pad_to_max_tokens=pad_to_max_tokens,
            mask_token="",
            output_mode=output_mode,
            sparse=sparse,
            encoding=encoding,
        )
        self.vocabulary = self._lookup_layer.vocabulary
        self.idf_weights = self._lookup_layer.idf_weights
        self._runs = _run_lengths(ngrams)
        # What comes with Keras runs in one go; a split of the user takes its parts.
        cleaning = None if callable(standardize) else standardize
        splitting = split if split in SPLITS else "whitespace"
        self._cleaner = TextEngine(cleaning, splitting, None)
        self._engine = TextEngine(cleaning, splitting, self._runs)
        self._in_one_go = split in SPLITS and not ragged

    def _check_arguments(self) -> None:
        where = f"TextVectorization {self.name!r}"
        if not callable(self.standardize) and self.standardize not in (None, *STANDARDIZATIONS):
            raise ValueError(
                f"[{where}] expected standardize to be one of {list(STANDARDIZATIONS)}, None or a function, "
                f"got {self.standardize!r}."
            )
        if not callable(self.split) and self.split not in (None, *SPLITS):
            raise ValueError(
                f"[{where}] expected split to be one of {list(SPLITS)}, None or a function, got "
                f"{self.split!r}."
            )
        if self.output_mode not in _MODES:
            raise ValueError(
                f"[{where}] expected output_mode to be one of {list(_MODES)}, got {self.output_mode!r}."
            )
        counts = self.output_mode != "int"
        for name, wrong in (
            ("output_sequence_length", counts and self.output_sequence_length is not None),
            ("ragged", counts and self.ragged),
            ("sparse", not counts and self.sparse),
        ):
            if wrong:
                raise ValueError(
                    f"[{where}] {name}={getattr(self, name)!r} makes no sense with "
                    f"output_mode={self.output_mode!r}."
                )
        length = self.output_sequence_length
        if length is not None and (not isinstance(length, int) or length < 1):
            raise ValueError(f"[{where}] expected output_sequence_length of 1 or more, got {length!r}.")
        if self.ragged and length is not None:
            raise ValueError(f"[{where}] expected no output_sequence_length with ragged=True, got {length}.")

    # Vocabulary.

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learns the vocabulary from texts, in the place of an earlier one.

        Args:
            data: List or array of texts, or `Dataset` of texts or batches of them.
            batch_size: Texts to take at once from an array; has no effect on the result.
            steps: Batches to take; all when None.
        """
        del batch_size
        self.reset_state()
        for number, batch in enumerate(batches_of(data)):
            if number == steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Counts the tokens of texts."""
        texts = convert_to_tensor(data, dtypes.string)
        if self._in_one_go and self.output_mode != "tf_idf":
            words = self._engine.words(texts_of(self._standardized(texts).array))
            if words is not None:
                self._lookup_layer.count_words(words)
                return
        tokens = self._tokens(texts)
        if self.output_mode != "tf_idf":
            self._lookup_layer.count_tokens(tokens)
            return
        start = 0
        while start < len(tokens):
            end = tokens.index(END, start)
            self._lookup_layer.count_tokens(tokens[start:end])
            start = end + 1

    def _tokens(self, texts: Any) -> list[bytes]:
        """Tokens of all texts, one text after the other, with `END` behind each."""
        if self._in_one_go:
            return self._engine.tokens(texts_of(self._standardized(texts).array))
        found = self._split(texts)
        rows = found.to_list() if isinstance(found, RaggedTensor) else found.numpy()
        if not isinstance(rows, list):
            rows = rows.reshape(len(rows) if rows.ndim else 1, -1).tolist()
        return [token for row in rows for token in (*row, END)]

    def finalize_state(self) -> None:
        """Makes the vocabulary of what was counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self) -> None:
        """Forgets what was counted and learned."""
        self._lookup_layer.reset_state()

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """The tokens in the order of their indices; see `StringLookup`."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """Number of tokens, special ones included."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the vocabulary; see `StringLookup`."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    # Calls.

    def call(self, inputs: Any) -> Any:
        """Indices or encodings of the words."""
        rank = len(inputs.shape)
        if self.split is not None and rank == 2 and inputs.shape[1] == 1:
            inputs, rank = squeeze(inputs, -1), 1
        if self.split is not None and rank > 1:
            raise InvalidArgumentError(
                f"[TextVectorization {self.name!r}] expected texts of shape (batch,) or (batch, 1), got "
                f"{tuple(inputs.shape)}; flatten them, or take split=None."
            )
        if not self._in_one_go:
            return self._by_parts(inputs)
        indices = text_indices(
            self._standardized(inputs),
            engine=self._engine,
            vocabulary=self._lookup_layer.table,
            length=self.output_sequence_length,
            filler=self._filler,
            # Fillers have no place in encodings; few lengths mean few compiled programs.
            rounded=self.output_mode != "int",
        )
        return indices if self.output_mode == "int" else self._lookup_layer.encode(indices)

    def _standardized(self, texts: Any) -> Any:
        """What the user's function makes of texts, no scalars among them; else the engine cleans them."""
        if not callable(self.standardize):
            return texts
        return self.standardize(texts) if len(texts.shape) else self.standardize(reshape(texts, (1,)))[0]

    @property
    def _filler(self) -> int:
        """What stands behind the end of a text: the mask's index, or one without a place in encodings."""
        return 0 if self.output_mode == "int" else self._lookup_layer.depth

    def _by_parts(self, inputs: Any) -> Any:
        """The same step by step, with the user's functions."""
        single = not len(inputs.shape)
        tokens = self._split(reshape(inputs, (1,)) if single else inputs)
        lookup = self._lookup_layer.indices_of
        if isinstance(tokens, RaggedTensor):
            indices = tokens.with_flat_values(lookup(tokens.flat_values))
        else:
            indices = lookup(tokens)
        if isinstance(indices, RaggedTensor) and not self.ragged:
            length = self.output_sequence_length
            indices = indices.to_tensor(self._filler, shape=None if length is None else (None, length))
        if single:
            indices = indices[0]
        return indices if self.output_mode == "int" else self._lookup_layer.encode(indices)

    def _split(self, texts: Any) -> Any:
        """Tokens of texts as a ragged tensor; the texts themselves without a split."""
        texts = self._standardized(texts)
        if not callable(self.standardize) and (callable(self.split) or self.split is None):
            texts = clean_texts(texts, engine=self._cleaner)
        if callable(self.split):
            found = self.split(texts)
        elif self.split is None:
            return texts
        else:
            tokens, counts = text_tokens(texts, engine=self._cleaner)
            found = RaggedTensor.from_row_lengths(tokens, counts, validate=False)
        return found if self._runs is None else ngrams_of(found, self._runs)

    # Files.

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        for name in ("standardize", "split"):
            if callable(config[name]):
                config[name] = serialize_keras_object(config[name])
        if isinstance(self.ngrams, (tuple, list)):
            config["ngrams"] = list(self.ngrams)
        return config | {"vocabulary_size": self.vocabulary_size()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Layer of a config.

        Raises:
            InvalidArgumentError: The vocabulary is a path: a config must not make anybody read a file.
        """
        known = {k: v for k, v in config.items() if k != "vocabulary_size"}
        for name in ("standardize", "split"):
            if isinstance(known.get(name), dict):
                known[name] = deserialize_keras_object(known[name])
        if isinstance(known.get("ngrams"), list):
            known["ngrams"] = tuple(known["ngrams"])
        if isinstance(known.get("vocabulary"), str):
            raise InvalidArgumentError(
                f"[{cls.__name__}.from_config] expected a list as vocabulary, got the path "
                f"{known['vocabulary']!r}: a config is not followed to files. Pass the lines of the file."
            )
        made = cls(**known)
        made._lookup_layer.expect_vocabulary(config.get("vocabulary_size"))
        return made

    def save_assets(self, dir_path: str) -> None:
        """Writes a learned vocabulary into a folder, as Keras does for this layer and its lookup."""
        self._lookup_layer.save_assets(dir_path)

    def load_assets(self, dir_path: str) -> None:
        """Takes the vocabulary that `save_assets` wrote."""
        self._lookup_layer.load_assets(dir_path)

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts learned document frequencies into a mapping."""
        self._lookup_layer.save_own_variables(store)

    def load_own_variables(self, store: Any) -> None:
        """Takes document frequencies from a mapping."""
        self._lookup_layer.load_own_variables(store)

    def output_dtype(self) -> Any:
        """int64; the compute dtype with ``"tf_idf"``."""
        return self._lookup_layer.output_dtype()

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        batch = tuple(input_shape)[:1]
        if self.output_mode == "int":
            return (*batch, self.output_sequence_length)
        return (*batch, self._lookup_layer.drawn_depth)


def _run_lengths(ngrams: Any) -> tuple[int, ...] | None:
    """Lengths of the runs of words that become tokens."""
    if ngrams is None:
        return None
    if isinstance(ngrams, int):
        if ngrams < 1:
            raise ValueError(f"[TextVectorization] expected ngrams of 1 or more, got {ngrams}.")
        return tuple(range(1, ngrams + 1))
    return tuple(int(n) for n in ngrams)

