"""tf.train: checkpoints."""

from thalweg._src.checkpoint.checkpoint import Checkpoint as Checkpoint
from thalweg._src.checkpoint.inspection import checkpoints_iterator as checkpoints_iterator
from thalweg._src.checkpoint.inspection import get_checkpoint_state as get_checkpoint_state
from thalweg._src.checkpoint.inspection import latest_checkpoint as latest_checkpoint
from thalweg._src.checkpoint.inspection import list_variables as list_variables
from thalweg._src.checkpoint.inspection import load_checkpoint as load_checkpoint
from thalweg._src.checkpoint.inspection import load_variable as load_variable
from thalweg._src.checkpoint.manager import CheckpointManager as CheckpointManager
from thalweg._src.checkpoint.options import CheckpointOptions as CheckpointOptions
