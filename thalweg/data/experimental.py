"""Further data sets and steps, under the names that TensorFlow gives them."""

from thalweg._src.data.csv_datasets import CsvDataset as CsvDataset
from thalweg._src.data.csv_datasets import make_csv_dataset as make_csv_dataset
from thalweg._src.data.parquet import ParquetDataset as ParquetDataset
from thalweg._src.data.sql import SqlDataset as SqlDataset
