"""tf.strings: texts, which live on the host."""

from thalweg._src.ops.strings.case import lower as lower
from thalweg._src.ops.strings.case import strip as strip
from thalweg._src.ops.strings.case import upper as upper
from thalweg._src.ops.strings.hashing import to_hash_bucket as to_hash_bucket
from thalweg._src.ops.strings.hashing import to_hash_bucket_fast as to_hash_bucket_fast
from thalweg._src.ops.strings.hashing import to_hash_bucket_strong as to_hash_bucket_strong
from thalweg._src.ops.strings.joining import join as join
from thalweg._src.ops.strings.joining import reduce_join as reduce_join
from thalweg._src.ops.strings.joining import unsorted_segment_join as unsorted_segment_join
from thalweg._src.ops.strings.lengths import length as length
from thalweg._src.ops.strings.lengths import substr as substr
from thalweg._src.ops.strings.numbers import as_string as as_string
from thalweg._src.ops.strings.numbers import format as format
from thalweg._src.ops.strings.numbers import to_number as to_number
from thalweg._src.ops.strings.regex import regex_full_match as regex_full_match
from thalweg._src.ops.strings.regex import regex_replace as regex_replace
from thalweg._src.ops.strings.splitting import bytes_split as bytes_split
from thalweg._src.ops.strings.splitting import ngrams as ngrams
from thalweg._src.ops.strings.splitting import split as split
from thalweg._src.ops.strings.unicode import unicode_decode as unicode_decode
from thalweg._src.ops.strings.unicode import (
    unicode_decode_with_offsets as unicode_decode_with_offsets,
)
from thalweg._src.ops.strings.unicode import unicode_encode as unicode_encode
from thalweg._src.ops.strings.unicode import unicode_script as unicode_script
from thalweg._src.ops.strings.unicode import unicode_split as unicode_split
from thalweg._src.ops.strings.unicode import (
    unicode_split_with_offsets as unicode_split_with_offsets,
)
from thalweg._src.ops.strings.unicode import unicode_transcode as unicode_transcode
