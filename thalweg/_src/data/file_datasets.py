"""Data sets of what is in files: lines, records of fixed length."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.file_streams import USUAL_BUFFER, checked_compression
from thalweg._src.data.plan import positive
from thalweg._src.data.record_files import (
    ReadFiles,
    files_node,
    fixed_records_of,
    framed_records_of,
    lines_of,
)

_STRING = TensorSpec((), dtypes.string)


def buffer_of(size: Any, where: str) -> int:
    """Bytes to read at once: the usual number where None or 0 leaves it to us."""
    return USUAL_BUFFER if not size else positive(size, where, "buffer_size")


class TextLineDataset(Dataset):
    """The lines of text files, as scalar strings without their ends.

    Args:
        filenames: A path, list or tensor of paths, or data set of them.
        compression_type: How the files are compressed: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        buffer_size: Bytes read at once; None leaves it to us.
        num_parallel_reads: Files that are open at once and give lines in turns, each read ahead in a thread.
            `AUTOTUNE` reads ahead, one file after the other. None: when asked, one after the other.
        name: Not used but for messages.

    Raises:
        NotFoundError: When it is iterated: a file is not there.
        DataLossError: When it is iterated: a compressed file is damaged, or a file changed meanwhile.

    Source: `tf.data.TextLineDataset`, which leaves out carriage returns, too.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ) -> None:
        where = name or "TextLineDataset"
        reader = lines_of(checked_compression(compression_type, where), buffer_of(buffer_size, where))
        super().__init__(ReadFiles(files_node(filenames, where), where, reader, _STRING, num_parallel_reads))


class FixedLengthRecordDataset(Dataset):
    """Records of one length, as scalar strings.

    Args:
        filenames: A path, list or tensor of paths, or data set of them.
        record_bytes: Length of a record.
        header_bytes: Bytes before the first record; 0 when None.
        footer_bytes: Bytes after the last; 0 when None.
        buffer_size: Bytes read at once; None leaves it to us.
        compression_type: How the files are compressed: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        num_parallel_reads: As for `TextLineDataset`.
        name: Not used but for messages.

    Raises:
        InvalidArgumentError: When it is iterated: a file ends within a record.

    Source: `tf.data.FixedLengthRecordDataset`.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ) -> None:
        where = name or "FixedLengthRecordDataset"
        size = positive(record_bytes, where, "record_bytes")
        header, footer = (int(convert_to_tensor(n or 0, dtypes.int64)) for n in (header_bytes, footer_bytes))
        compression = checked_compression(compression_type, where)
        reader = fixed_records_of(size, header, footer, compression, buffer_of(buffer_size, where))
        super().__init__(ReadFiles(files_node(filenames, where), where, reader, _STRING, num_parallel_reads))


class TFRecordDataset(Dataset):
    """The records of TFRecord files, as scalar strings. Each record's checksums are verified.

    Args:
        filenames: A path, list or tensor of paths, or data set of them.
        compression_type: How the files are compressed: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        buffer_size: Bytes read at once; None leaves it to us.
        num_parallel_reads: As for `TextLineDataset`.
        name: Not used but for messages.

    Raises:
        NotFoundError: When it is iterated: a file is not there.
        DataLossError: When it is iterated: a record is damaged or torn.

    Example:
        >>> import tempfile, thalweg as tf
        >>> path = tempfile.mkdtemp() + "/numbers.tfrecord"
        >>> with tf.io.TFRecordWriter(path) as writer:
        ...     for number in (b"one", b"two"):
        ...         writer.write(number)
        >>> list(tf.data.TFRecordDataset(path).as_numpy_iterator())
        [b'one', b'two']

    Source: `tf.data.TFRecordDataset`.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: int | None = None,
        name: str | None = None,
    ) -> None:
        where = name or "TFRecordDataset"
        compression = checked_compression(compression_type, where)
        reader = framed_records_of(compression, buffer_of(buffer_size, where))
        super().__init__(ReadFiles(files_node(filenames, where), where, reader, _STRING, num_parallel_reads))
