"""tf.summary: what TensorBoard shows."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.summary.graph import graph as graph
from thalweg._src.summary.recording import should_record_summaries as should_record_summaries
from thalweg._src.summary.recording import write as write
from thalweg._src.summary.summaries import audio as audio
from thalweg._src.summary.summaries import histogram as histogram
from thalweg._src.summary.summaries import image as image
from thalweg._src.summary.summaries import scalar as scalar
from thalweg._src.summary.summaries import text as text
from thalweg._src.summary.writer import SummaryWriter as SummaryWriter
from thalweg._src.summary.writer import create_file_writer as create_file_writer
from thalweg._src.summary.writer import create_noop_writer as create_noop_writer
from thalweg._src.summary.writer import flush as flush
from thalweg._src.summary.writer import record_if as record_if
from thalweg.summary import experimental as experimental

_know_other_names(__name__)
