"""tf.audio: sounds read and written."""

from thalweg._src.ops.audio import decode_wav as decode_wav
from thalweg._src.ops.audio import encode_wav as encode_wav
