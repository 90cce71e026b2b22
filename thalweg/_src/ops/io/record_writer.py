"""Files of records written: TFRecordWriter and its options."""

from __future__ import annotations

import os
import zlib
from types import TracebackType
from typing import Any, ClassVar

from thalweg._src.base.errors import DTypeError, FailedPreconditionError, InvalidArgumentError
from thalweg._src.base.file_errors import explained
from thalweg._src.base.record_framing import frame
from thalweg._src.core.tensor import Tensor

_BUFFER = 1 << 18
# zlib's window, and what is added to it for gzip's header and trailer.
_WINDOW, _GZIP = 15, 16


def _checked_compression(name: Any) -> str:
    """The name of a compression; empty for None.

    Raises:
        InvalidArgumentError: It is unknown.
    """
    known = TFRecordOptions.compression_type_map.values()
    if name is not None and name not in known:
        raise InvalidArgumentError(
            f"[TFRecordOptions] expected compression_type among {list(known)}, got {name!r}."
        )
    return name or ""


class TFRecordOptions:
    """How a file of records is compressed.

    Args:
        compression_type: ``"GZIP"``, ``"ZLIB"``, ``""`` or None for none.
        flush_mode: zlib's mode of `TFRecordWriter.flush`, such as ``zlib.Z_FULL_FLUSH``; None for one after
            which all records so far can be read.
        input_buffer_size: Bytes to collect before they are compressed; None for none.
        output_buffer_size: Bytes to collect before they are written; None for a default.
        window_bits: Size of zlib's window, 9 to 15; None for 15.
        compression_level: 0 (none) to 9 (smallest); None for zlib's default.
        compression_method: zlib's method; None for its only one, ``zlib.DEFLATED``.
        mem_level: Memory for the work, 1 to 9; None for zlib's default.
        compression_strategy: zlib's strategy, such as ``zlib.Z_FILTERED``; None for its default.

    Raises:
        ValueError: The kind of compression is unknown.

    Source: `tf.io.TFRecordOptions`.
    """

    compression_type_map: ClassVar[dict[int, str]] = {0: "", 1: "ZLIB", 2: "GZIP"}

    def __init__(
        self,
        compression_type: str | None = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        _checked_compression(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """Name of the compression.

        Args:
            options: `TFRecordOptions`, such a name, or None.

        Returns:
            ``""``, ``"ZLIB"`` or ``"GZIP"``.
        """
        kind = options.compression_type if isinstance(options, TFRecordOptions) else options
        return _checked_compression(kind)

    def _compressor(self) -> Any:
        kind = _checked_compression(self.compression_type)
        if not kind:
            return None
        window = _WINDOW if self.window_bits is None else self.window_bits
        return zlib.compressobj(
            _or(self.compression_level, zlib.Z_DEFAULT_COMPRESSION),
            _or(self.compression_method, zlib.DEFLATED),
            window + (_GZIP if kind == "GZIP" else 0),
            _or(self.mem_level, zlib.DEF_MEM_LEVEL),
            _or(self.compression_strategy, zlib.Z_DEFAULT_STRATEGY),
        )


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


class TFRecordWriter:
    """Writes records to a file, which `tf.data.TFRecordDataset` reads.

    Args:
        path: Path of the file. One that is there is replaced.
        options: `TFRecordOptions`, the name of a compression, or None.

    Raises:
        NotFoundError: The folder does not exist.

    Example:
        >>> import os, tempfile
        >>> import thalweg as tf
        >>> path = os.path.join(tempfile.mkdtemp(), "words.tfrecord")
        >>> with tf.io.TFRecordWriter(path) as writer:
        ...     writer.write(b"a word")
        >>> os.path.getsize(path)
        22

    Source: `tf.io.TFRecordWriter`; TensorFlow's record format.
    """

    def __init__(self, path: Any, options: TFRecordOptions | str | None = None) -> None:
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(options)
        self._options = options
        self._compressor = options._compressor()
        self._waiting = bytearray()
        self._path = os.fsdecode(path)
        buffering = _or(options.output_buffer_size, _BUFFER)
        try:
            self._file = open(self._path, "wb", buffering=max(buffering, 2))  # noqa: SIM115 closed by `close`
        except OSError as error:
            raise explained("TFRecordWriter", self._path, error) from None

    def write(self, record: Any) -> None:
        """Writes a record.

        Args:
            record: Its bytes, or a text or a single string tensor.

        Raises:
            FailedPreconditionError: The writer is closed.
        """
        self._check_open()
        if isinstance(record, Tensor):
            record = record.numpy()
        if not isinstance(record, (bytes, bytearray, memoryview, str)):
            raise DTypeError(
                f"[TFRecordWriter] expected a record of bytes, got {type(record).__name__}; serialise it "
                "first, for example with .SerializeToString() or tf.io.serialize_tensor."
            )
        framed = frame(record.encode() if isinstance(record, str) else bytes(record))
        if self._compressor is None:
            self._file.write(framed)
            return
        self._waiting += framed
        if len(self._waiting) >= _or(self._options.input_buffer_size, 0):
            self._compress()

    def _compress(self) -> None:
        self._file.write(self._compressor.compress(bytes(self._waiting)))
        self._waiting.clear()

    def flush(self) -> None:
        """Hands all records so far to the file system.

        Raises:
            FailedPreconditionError: The writer is closed.
        """
        self._check_open()
        if self._compressor is not None:
            self._compress()
            self._file.write(
                self._compressor.flush(_or(self._options.flush_mode, zlib.Z_SYNC_FLUSH))
            )
        self._file.flush()

    def close(self) -> None:
        """Finishes the file; a closed writer stays closed."""
        if self._file.closed:
            return
        try:
            if self._compressor is not None:
                self._compress()
                self._file.write(self._compressor.flush())
        finally:
            self._file.close()

    def _check_open(self) -> None:
        if self._file.closed:
            raise FailedPreconditionError(
                f"[TFRecordWriter] expected an open writer, got a closed one of {self._path!r}; make a new "
                "one."
            )

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(
        self,
        unused_type: type[BaseException] | None,
        unused_value: BaseException | None,
        unused_traceback: TracebackType | None,
    ) -> None:
        self.close()
