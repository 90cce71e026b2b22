"""Data sets: pipelines from arrays, files and generators to batches."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.data.dataset import Dataset as Dataset
from thalweg._src.data.file_datasets import FixedLengthRecordDataset as FixedLengthRecordDataset
from thalweg._src.data.file_datasets import TextLineDataset as TextLineDataset
from thalweg._src.data.file_datasets import TFRecordDataset as TFRecordDataset
from thalweg._src.data.iterator import Iterator as Iterator
from thalweg._src.data.iterator import IteratorSpec as IteratorSpec
from thalweg._src.data.iterator import NumpyIterator as NumpyIterator
from thalweg._src.data.nesting import DatasetSpec as DatasetSpec
from thalweg._src.data.node import AUTOTUNE as AUTOTUNE
from thalweg._src.data.node import INFINITE as INFINITE_CARDINALITY
from thalweg._src.data.node import UNKNOWN as UNKNOWN_CARDINALITY
from thalweg._src.data.options import Options as Options
from thalweg._src.data.options import ThreadingOptions as ThreadingOptions
from thalweg.data import experimental as experimental

_know_other_names(__name__)
