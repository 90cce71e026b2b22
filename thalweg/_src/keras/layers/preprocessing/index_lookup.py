"""What `StringLookup` and `IntegerLookup` share: a vocabulary, and what comes of indices."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import FailedPreconditionError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.dataset import Dataset
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import (
    OUTPUT_MODES,
    current_mode,
    encoded,
    encoded_shape,
)
from thalweg._src.keras.layers.preprocessing.hashing import salt_of
from thalweg._src.keras.layers.preprocessing.text_engine import END
from thalweg._src.keras.layers.preprocessing.vocabulary import (
    Vocabulary,
    most_frequent,
    split_off_special,
)
from thalweg._src.keras.layers.preprocessing.word_table import WordCounter
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.strings.blocks import texts_of

_FILE = "vocabulary.txt"
# Rows of a batch where a data set has none.
_ROWS = 256


@op("lookup_indices", matched=(), on_host=True, pointwise=True)
def lookup_indices(inputs: Any, *, vocabulary: Any) -> Any:
    """Index of each token."""
    tokens = texts_of(inputs) if inputs.dtype == object else inputs.reshape(-1).tolist()
    return vocabulary.indices(tokens).reshape(inputs.shape)


@op("lookup_tokens", matched=(), on_host=True, pointwise=True)
def lookup_tokens(inputs: Any, *, vocabulary: Any) -> Any:
    """Token of each index."""
    return vocabulary.of_indices(inputs)


class IndexLookup(DataLayer):
    """Index of each token in a vocabulary, or what `output_mode` makes of the indices.

    Args:
        max_tokens: Size of the vocabulary at most, special tokens included; None for any.
        num_oov_indices: Indices for tokens that are not in the vocabulary.
        mask_token: Token of index 0 that stands for nothing; None for none.
        oov_token: What stands for unknown tokens.
        vocabulary: List of tokens, or path of a file with one a line; learned by `adapt` when None.
        idf_weights: Inverse document frequency of each token, for ``output_mode="tf_idf"``.
        invert: Whether to give tokens for indices.
        output_mode: ``"int"``, ``"one_hot"``, ``"multi_hot"``, ``"count"`` or ``"tf_idf"``.
        pad_to_max_tokens: Whether encodings have `max_tokens` places, however large the vocabulary is.
        sparse: Whether encodings are sparse tensors.
        encoding: How texts are coded as bytes.
        salt: Integer, or two of them, for another hash of unknown tokens; None for the one known to all.
        **kwargs: See `Layer`.
    """

    #: Dtype of the tokens.
    token_dtype: dtypes.DType

    def __init__(
        self,
        max_tokens: int | None,
        num_oov_indices: int,
        mask_token: Any,
        oov_token: Any,
        vocabulary: Any,
        idf_weights: Any,
        invert: bool,
        output_mode: str,
        pad_to_max_tokens: bool,
        sparse: bool,
        encoding: str = "utf-8",
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.encoding = encoding
        self.salt = salt_of(self._where, salt)
        self.max_tokens = max_tokens
        self.num_oov_indices = num_oov_indices
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.invert = invert
        self.output_mode = current_mode(output_mode)
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = sparse
        self._check_arguments(vocabulary, idf_weights)
        self._counts: Counter[Any] = Counter()
        self._words: WordCounter | None = None
        self._documents: Counter[Any] = Counter()
        self._document_count = 0
        self._table: Vocabulary | None = None
        # Of a vocabulary that lies beside the config and is not read yet.
        self._told_size: int | None = None
        self._frequencies: Any = None
        self.vocabulary: list[Any] | None = None
        self.idf_weights: list[float] | None = None
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)
            if not isinstance(vocabulary, (str, Path)):
                # Files keep a list that was given; one that was learned or read lies beside the config.
                self.vocabulary = [self._plain(t) for t in self._own_tokens()]
                self.idf_weights = None if idf_weights is None else np.asarray(idf_weights).tolist()

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    @property
    def _key(self) -> tuple[int, int] | None:
        """The salt as a key of hashes."""
        return None if self.salt is None else (self.salt[0], self.salt[1])

    def _check_arguments(self, vocabulary: Any, idf_weights: Any) -> None:
        where = self._where
        if self.max_tokens is not None and self.max_tokens <= 1:
            raise ValueError(f"[{where}] expected max_tokens of 2 or more, got {self.max_tokens}.")
        if self.num_oov_indices < 0:
            raise ValueError(f"[{where}] expected num_oov_indices of 0 or more, got {self.num_oov_indices}.")
        if self.output_mode not in OUTPUT_MODES:
            raise ValueError(
                f"[{where}] expected output_mode to be one of {list(OUTPUT_MODES)}, got {self.output_mode!r}."
            )
        if self.invert and (self.output_mode != "int" or self.num_oov_indices > 1):
            raise ValueError(
                f"[{where}] expected output_mode='int' and at most one oov index with invert=True, got "
                f"{self.output_mode!r} and {self.num_oov_indices}."
            )
        if self.sparse and self.output_mode == "int":
            raise ValueError(f"[{where}] expected an encoding as output_mode with sparse=True, got 'int'.")
        if idf_weights is not None and (vocabulary is None or self.output_mode != "tf_idf"):
            raise ValueError(
                f"[{where}] expected idf_weights with a vocabulary and output_mode='tf_idf' only."
            )

    # Tokens and indices.

    def _token(self, value: Any) -> Any:
        """A token as it is looked up."""
        raise NotImplementedError

    def _plain(self, token: Any) -> Any:
        """A token as programs and files see it."""
        raise NotImplementedError

    def _special(self) -> tuple[Any, Any]:
        """Mask and unknown token as they are looked up; a mask has an index with ``"int"`` only."""
        masks = self.mask_token is not None and self.output_mode == "int"
        return (self._token(self.mask_token) if masks else None), self._token(self.oov_token)

    @property
    def table(self) -> Vocabulary:
        """The vocabulary.

        Raises:
            FailedPreconditionError: There is none yet.
        """
        if self._table is None:
            if not self._counted():
                raise FailedPreconditionError(
                    f"[{self._where}] expected a vocabulary, got none yet; call adapt() or set_vocabulary()."
                )
            self.finalize_state()
        assert self._table is not None
        return self._table

    def _own_tokens(self) -> list[Any]:
        return self.table.tokens[len(self.table.special) :]

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The tokens in the order of their indices.

        Args:
            include_special_tokens: Whether the mask and the unknown tokens are among them.
        """
        if self._table is None and not self._counted():
            special = [t for t in self._special() if t is not None] if include_special_tokens else []
            return [self._plain(t) for t in special]
        tokens = self.table.tokens if include_special_tokens else self._own_tokens()
        return [self._plain(token) for token in tokens]

    def vocabulary_size(self) -> int:
        """Number of tokens, special ones included."""
        return len(self.get_vocabulary())

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Sets the vocabulary.

        Args:
            vocabulary: List or array of tokens, with or without the special ones at its beginning; or the
                path of a text file with one a line.
            idf_weights: Inverse document frequencies of the tokens, for ``output_mode="tf_idf"``.

        Raises:
            ValueError: Tokens repeat, there are too many, or weights are missing.
        """
        if isinstance(vocabulary, (str, Path)):
            vocabulary = Path(vocabulary).read_text(encoding="utf-8").split("\n")
            vocabulary = vocabulary[:-1] if vocabulary[-1:] == [""] else vocabulary
        mask, unknown = self._special()
        given = [self._token(t) for t in _listed(vocabulary)]
        tokens = split_off_special(self._where, given, mask, unknown, self.num_oov_indices)
        self._take(tokens, None if idf_weights is None else self._fitting(idf_weights, given, tokens))

    def _fitting(self, weights: Any, given: list[Any], tokens: list[Any]) -> np.ndarray[Any, Any]:
        """Weights of the tokens; those of special ones, if there are, are their average anyway."""
        values = np.asarray(weights, np.float32).reshape(-1)
        if len(values) not in (len(given), len(tokens)):
            raise ValueError(
                f"[{self._where}] expected an idf weight for each of {len(given)} tokens, got {len(values)}."
            )
        return values[len(values) - len(tokens) :]

    def _take(self, tokens: list[Any], weights: np.ndarray[Any, Any] | None) -> None:
        mask, unknown = self._special()
        table = Vocabulary(tokens, mask, unknown, self.num_oov_indices, self._key)
        if self.max_tokens is not None and len(table) > self.max_tokens:
            raise ValueError(
                f"[{self._where}] expected at most max_tokens={self.max_tokens} tokens, got {len(table)}, "
                "special ones included."
            )
        if self.output_mode == "tf_idf":
            if weights is None:
                raise ValueError(
                    f"[{self._where}] expected idf_weights with a vocabulary for output_mode='tf_idf', got "
                    "none."
                )
            average = np.full(len(table.special), weights.mean() if len(weights) else 1.0, np.float32)
            self._frequencies = np.concatenate([average, weights])
        self._table = table

    # Learning.

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learns the vocabulary from data, in the place of an earlier one.

        Args:
            data: Array or list of tokens, or `Dataset` of batches of them; each row of a batch counts as a
                document.
            steps: Batches to take; all when None.
        """
        self.reset_state()
        for number, batch in enumerate(batches_of(data)):
            if number == steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Counts the tokens of a batch.

        Args:
            data: Tensor of tokens ``(documents, ...)``; ragged ones, too.
        """
        for document in documents_of(data):
            self.count_tokens([self._token(t) for t in document])

    def count_tokens(self, document: Sequence[Any]) -> None:
        """Counts the tokens of one document."""
        self._counts.update(document)
        if self.output_mode == "tf_idf":
            self._documents.update(set(document))
            self._document_count += 1

    def count_words(self, text: bytes) -> None:
        """Counts the words of a text, which spaces part; not for documents of their own."""
        if self._words is None:
            self._words = WordCounter()
        self._words.add(text)

    def _counted(self) -> Counter[Any]:
        """How often each token came."""
        if self._words is not None:
            self._counts.update(self._words.counts())
            self._words = None
        return self._counts

    def finalize_state(self) -> None:
        """Makes the vocabulary of what was counted; does nothing where nothing was."""
        if not self._counted():
            return
        mask, unknown = self._special()
        counts = Counter(self._counts)
        for token in (mask, unknown, END):
            counts.pop(token, None)
        special = self.num_oov_indices + (mask is not None)
        tokens = most_frequent(counts, None if self.max_tokens is None else self.max_tokens - special)
        weights = None
        if self.output_mode == "tf_idf":
            found = [
                math.log(1.0 + self._document_count / (1.0 + self._documents[token])) for token in tokens
            ]
            weights = np.array(found, np.float32)
        self._take(tokens, weights)
        self._counts.clear()

    def reset_state(self) -> None:
        """Forgets what was counted and learned."""
        if self.vocabulary is not None:
            raise ValueError(
                f"[{self._where}] expected a layer that learns its vocabulary, got one that was given its "
                "own; leave it out of the constructor."
            )
        self._counts.clear()
        self._words = None
        self._documents.clear()
        self._document_count = 0
        self._table = None
        self._frequencies = None

    # Calls.

    def call(self, inputs: Any) -> Any:
        """Indices, encodings, or tokens with ``invert=True``."""
        if self.invert:
            return lookup_tokens(inputs, vocabulary=self.table)
        if isinstance(inputs, RaggedTensor):
            indices = inputs.with_flat_values(self.indices_of(inputs.flat_values))
        else:
            indices = self.indices_of(inputs)
        if isinstance(indices, RaggedTensor) and self.output_mode not in ("int", "one_hot"):
            indices = indices.to_tensor(self.depth)
        if self.output_mode == "int":
            return indices
        return self.encode(indices)

    def indices_of(self, inputs: Any) -> Any:
        """Index of each token."""
        return lookup_indices(inputs, vocabulary=self.table)

    @property
    def depth(self) -> int:
        """Places of an encoding."""
        if self.pad_to_max_tokens and self.max_tokens is not None:
            return self.max_tokens
        return len(self.table)

    def encode(self, indices: Any) -> Any:
        """What `output_mode` makes of indices; those beyond `depth` have no place."""
        depth = self.depth
        weights = self._frequencies
        if weights is not None and depth > len(weights):
            weights = np.concatenate([weights, np.zeros(depth - len(weights), np.float32)])
        return encoded(indices, depth, self.output_mode, weights, self.output_dtype(), self.sparse)

    # Files.

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; a vocabulary that was learned lies in a file beside."""
        return super().get_config() | {"vocabulary_size": self.vocabulary_size()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Layer of a config.

        Raises:
            InvalidArgumentError: The vocabulary is a path: a config must not make anybody read a file.
        """
        known = {k: v for k, v in config.items() if k not in cls._of_other_versions}
        if isinstance(known.get("vocabulary"), str):
            raise InvalidArgumentError(
                f"[{cls.__name__}.from_config] expected a list as vocabulary, got the path "
                f"{known['vocabulary']!r}: a config is not followed to files. Pass the lines of the file."
            )
        made = cls(**known)
        made.expect_vocabulary(config.get("vocabulary_size"))
        return made

    def expect_vocabulary(self, size: int | None) -> None:
        """Says how large a vocabulary is that will be loaded, for the shapes of models drawn before."""
        self._told_size = size

    #: What configs of Keras hold besides the arguments.
    _of_other_versions = frozenset({"vocabulary_size", "oov_method", "encoding"})

    def save_assets(self, dir_path: str) -> None:
        """Writes a learned vocabulary into a folder."""
        if self.vocabulary is None and (self._table is not None or self._counted()):
            lines = [str(token) for token in self.get_vocabulary()]
            Path(dir_path, _FILE).write_text("\n".join(lines), encoding="utf-8")

    def load_assets(self, dir_path: str) -> None:
        """Takes the vocabulary that `save_assets` wrote."""
        path = Path(dir_path, _FILE)
        if self.vocabulary is not None or not path.is_file():
            return
        lines: list[Any] = path.read_text(encoding="utf-8").split("\n")
        mask, unknown = self._special()
        given = [self._token(line) for line in lines]
        tokens = split_off_special(self._where, given, mask, unknown, self.num_oov_indices)
        weights = None
        if self.output_mode == "tf_idf":
            found = self._frequencies
            weights = np.ones(len(tokens), np.float32) if found is None else found[-len(tokens) :]
        self._take(tokens, weights)

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts learned document frequencies into a mapping."""
        if self.output_mode == "tf_idf" and self.vocabulary is None and self._frequencies is not None:
            store["idf_weights"] = self._frequencies

    def load_own_variables(self, store: Any) -> None:
        """Takes document frequencies that `save_own_variables` put into a mapping."""
        if "idf_weights" in store:
            self._frequencies = np.asarray(store["idf_weights"], np.float32)

    def output_dtype(self) -> Any:
        """int64; that of the tokens with ``invert=True``, the compute dtype with ``"tf_idf"``."""
        if self.invert:
            return self.token_dtype.name
        return self.compute_dtype if self.output_mode == "tf_idf" else "int64"

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return encoded_shape(tuple(input_shape), self.drawn_depth, self.output_mode)

    @property
    def drawn_depth(self) -> int:
        """Places of an encoding, as far as they are known before there is a vocabulary."""
        if self.pad_to_max_tokens and self.max_tokens is not None:
            return self.max_tokens
        is_there = self._table is not None or self._counted()
        return self.vocabulary_size() if is_there or self._told_size is None else self._told_size


def _listed(values: Any) -> list[Any]:
    tensor = as_tensor(values)
    found = tensor.numpy() if tensor is not None else values
    return found.tolist() if hasattr(found, "tolist") else list(found)


def batches_of(data: Any) -> Iterable[Any]:
    """Batches of data given to `adapt`: those of a `Dataset`, or all of an array at once."""
    if not isinstance(data, Dataset):
        return [data]
    spec = data.element_spec
    return data.batch(_ROWS) if isinstance(spec, TensorSpec) and spec.shape.rank == 0 else data


def documents_of(batch: Any) -> Iterable[list[Any]]:
    """The tokens of each row of a batch; a batch of tokens is one document."""
    if hasattr(batch, "to_list"):
        yield from (_flat(row) for row in batch.to_list())
        return
    array = np.asarray(batch.numpy() if hasattr(batch, "numpy") else batch)
    if array.ndim < 2:
        yield array.reshape(-1).tolist()
    else:
        yield from array.reshape(len(array), -1).tolist()


def _flat(row: Any) -> list[Any]:
    return [t for part in row for t in _flat(part)] if isinstance(row, list) else [row]
