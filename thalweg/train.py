"""tf.train: checkpoints, and messages of training examples."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.checkpoint.checkpoint import Checkpoint as Checkpoint
from thalweg._src.checkpoint.inspection import checkpoints_iterator as checkpoints_iterator
from thalweg._src.checkpoint.inspection import get_checkpoint_state as get_checkpoint_state
from thalweg._src.checkpoint.inspection import latest_checkpoint as latest_checkpoint
from thalweg._src.checkpoint.inspection import list_variables as list_variables
from thalweg._src.checkpoint.inspection import load_checkpoint as load_checkpoint
from thalweg._src.checkpoint.inspection import load_variable as load_variable
from thalweg._src.checkpoint.manager import CheckpointManager as CheckpointManager
from thalweg._src.checkpoint.options import CheckpointOptions as CheckpointOptions
from thalweg._src.ops.io.example import BytesList as BytesList
from thalweg._src.ops.io.example import Example as Example
from thalweg._src.ops.io.example import Feature as Feature
from thalweg._src.ops.io.example import FeatureList as FeatureList
from thalweg._src.ops.io.example import FeatureLists as FeatureLists
from thalweg._src.ops.io.example import Features as Features
from thalweg._src.ops.io.example import FloatList as FloatList
from thalweg._src.ops.io.example import Int64List as Int64List
from thalweg._src.ops.io.example import SequenceExample as SequenceExample
from thalweg._src.variables.moving_average import (
    ExponentialMovingAverage as ExponentialMovingAverage,
)

_know_other_names(__name__)
