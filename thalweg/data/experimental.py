"""Further data sets and steps, under the names that TensorFlow gives them."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.data.csv_datasets import CsvDataset as CsvDataset
from thalweg._src.data.csv_datasets import make_csv_dataset as make_csv_dataset
from thalweg._src.data.debugging import enable_debug_mode as enable_debug_mode
from thalweg._src.data.experimental_steps import Counter as Counter
from thalweg._src.data.experimental_steps import RandomDataset as RandomDataset
from thalweg._src.data.experimental_steps import assert_cardinality as assert_cardinality
from thalweg._src.data.experimental_steps import at as at
from thalweg._src.data.experimental_steps import (
    bucket_by_sequence_length as bucket_by_sequence_length,
)
from thalweg._src.data.experimental_steps import cardinality as cardinality
from thalweg._src.data.experimental_steps import choose_from_datasets as choose_from_datasets
from thalweg._src.data.experimental_steps import copy_to_device as copy_to_device
from thalweg._src.data.experimental_steps import dense_to_ragged_batch as dense_to_ragged_batch
from thalweg._src.data.experimental_steps import dense_to_sparse_batch as dense_to_sparse_batch
from thalweg._src.data.experimental_steps import enumerate_dataset as enumerate_dataset
from thalweg._src.data.experimental_steps import from_list as from_list
from thalweg._src.data.experimental_steps import from_variant as from_variant
from thalweg._src.data.experimental_steps import get_next_as_optional as get_next_as_optional
from thalweg._src.data.experimental_steps import get_single_element as get_single_element
from thalweg._src.data.experimental_steps import get_structure as get_structure
from thalweg._src.data.experimental_steps import group_by_reducer as group_by_reducer
from thalweg._src.data.experimental_steps import group_by_window as group_by_window
from thalweg._src.data.experimental_steps import ignore_errors as ignore_errors
from thalweg._src.data.experimental_steps import load as load
from thalweg._src.data.experimental_steps import map_and_batch as map_and_batch
from thalweg._src.data.experimental_steps import pad_to_cardinality as pad_to_cardinality
from thalweg._src.data.experimental_steps import parallel_interleave as parallel_interleave
from thalweg._src.data.experimental_steps import prefetch_to_device as prefetch_to_device
from thalweg._src.data.experimental_steps import rejection_resample as rejection_resample
from thalweg._src.data.experimental_steps import sample_from_datasets as sample_from_datasets
from thalweg._src.data.experimental_steps import save as save
from thalweg._src.data.experimental_steps import scan as scan
from thalweg._src.data.experimental_steps import shuffle_and_repeat as shuffle_and_repeat
from thalweg._src.data.experimental_steps import snapshot as snapshot
from thalweg._src.data.experimental_steps import take_while as take_while
from thalweg._src.data.experimental_steps import to_variant as to_variant
from thalweg._src.data.experimental_steps import unbatch as unbatch
from thalweg._src.data.experimental_steps import unique as unique
from thalweg._src.data.node import AUTOTUNE as AUTOTUNE
from thalweg._src.data.node import INFINITE as INFINITE_CARDINALITY
from thalweg._src.data.node import UNKNOWN as UNKNOWN_CARDINALITY
from thalweg._src.data.optional import Optional as Optional
from thalweg._src.data.options import SHARD_HINT as SHARD_HINT
from thalweg._src.data.options import AutoShardPolicy as AutoShardPolicy
from thalweg._src.data.options import AutotuneAlgorithm as AutotuneAlgorithm
from thalweg._src.data.options import AutotuneOptions as AutotuneOptions
from thalweg._src.data.options import DistributeOptions as DistributeOptions
from thalweg._src.data.options import ExternalStatePolicy as ExternalStatePolicy
from thalweg._src.data.options import OptimizationOptions as OptimizationOptions
from thalweg._src.data.options import ServiceOptions as ServiceOptions
from thalweg._src.data.options import ThreadingOptions as ThreadingOptions
from thalweg._src.data.parquet import ParquetDataset as ParquetDataset
from thalweg._src.data.reducing import Reducer as Reducer
from thalweg._src.data.sql import SqlDataset as SqlDataset

_know_other_names(__name__)
