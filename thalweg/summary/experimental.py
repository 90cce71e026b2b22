"""tf.summary.experimental: the default step, scopes and finished messages."""

from thalweg._src.summary.recording import summary_scope as summary_scope
from thalweg._src.summary.recording import write_raw_pb as write_raw_pb
from thalweg._src.summary.writer import get_step as get_step
from thalweg._src.summary.writer import set_step as set_step
