"""tf.io: files, records, examples, and other forms of data in bytes."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.ops.files import read_file as read_file
from thalweg._src.ops.files import write_file as write_file
from thalweg._src.ops.image.codecs.decoding import decode_and_crop_jpeg as decode_and_crop_jpeg
from thalweg._src.ops.image.codecs.decoding import decode_bmp as decode_bmp
from thalweg._src.ops.image.codecs.decoding import decode_gif as decode_gif
from thalweg._src.ops.image.codecs.decoding import decode_image as decode_image
from thalweg._src.ops.image.codecs.decoding import decode_jpeg as decode_jpeg
from thalweg._src.ops.image.codecs.decoding import decode_jxl as decode_jxl
from thalweg._src.ops.image.codecs.decoding import decode_png as decode_png
from thalweg._src.ops.image.codecs.decoding import decode_webp as decode_webp
from thalweg._src.ops.image.codecs.decoding import extract_jpeg_shape as extract_jpeg_shape
from thalweg._src.ops.image.codecs.decoding import is_jpeg as is_jpeg
from thalweg._src.ops.image.codecs.encoding import encode_jpeg as encode_jpeg
from thalweg._src.ops.image.codecs.encoding import encode_png as encode_png
from thalweg._src.ops.io.contents import decode_base64 as decode_base64
from thalweg._src.ops.io.contents import decode_compressed as decode_compressed
from thalweg._src.ops.io.contents import decode_raw as decode_raw
from thalweg._src.ops.io.contents import encode_base64 as encode_base64
from thalweg._src.ops.io.csv import decode_csv as decode_csv
from thalweg._src.ops.io.features import FixedLenFeature as FixedLenFeature
from thalweg._src.ops.io.features import FixedLenSequenceFeature as FixedLenSequenceFeature
from thalweg._src.ops.io.features import RaggedFeature as RaggedFeature
from thalweg._src.ops.io.features import SparseFeature as SparseFeature
from thalweg._src.ops.io.features import VarLenFeature as VarLenFeature
from thalweg._src.ops.io.file_names import matching_files as matching_files
from thalweg._src.ops.io.json_example import decode_json_example as decode_json_example
from thalweg._src.ops.io.parsing import parse_example as parse_example
from thalweg._src.ops.io.parsing import parse_single_example as parse_single_example
from thalweg._src.ops.io.record_writer import TFRecordOptions as TFRecordOptions
from thalweg._src.ops.io.record_writer import TFRecordWriter as TFRecordWriter
from thalweg._src.ops.io.sequence_parsing import parse_sequence_example as parse_sequence_example
from thalweg._src.ops.io.sequence_parsing import (
    parse_single_sequence_example as parse_single_sequence_example,
)
from thalweg._src.ops.io.sparse_messages import deserialize_many_sparse as deserialize_many_sparse
from thalweg._src.ops.io.sparse_messages import serialize_many_sparse as serialize_many_sparse
from thalweg._src.ops.io.sparse_messages import serialize_sparse as serialize_sparse
from thalweg._src.ops.io.tensor_proto import parse_tensor as parse_tensor
from thalweg._src.ops.io.tensor_proto import serialize_tensor as serialize_tensor
from thalweg._src.variables.file_names import match_filenames_once as match_filenames_once
from thalweg.io import gfile as gfile

_know_other_names(__name__)
