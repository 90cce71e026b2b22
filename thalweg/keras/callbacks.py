"""Callbacks: what happens during training besides training."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.callbacks.backup_and_restore import BackupAndRestore as BackupAndRestore
from thalweg._src.keras.callbacks.base import Callback as Callback
from thalweg._src.keras.callbacks.callback_list import CallbackList as CallbackList
from thalweg._src.keras.callbacks.csv_logger import CSVLogger as CSVLogger
from thalweg._src.keras.callbacks.early_stopping import EarlyStopping as EarlyStopping
from thalweg._src.keras.callbacks.history import History as History
from thalweg._src.keras.callbacks.learning_rate import (
    LearningRateScheduler as LearningRateScheduler,
)
from thalweg._src.keras.callbacks.learning_rate import ReduceLROnPlateau as ReduceLROnPlateau
from thalweg._src.keras.callbacks.model_checkpoint import ModelCheckpoint as ModelCheckpoint
from thalweg._src.keras.callbacks.orbax_checkpoint import OrbaxCheckpoint as OrbaxCheckpoint
from thalweg._src.keras.callbacks.progress import ProgbarLogger as ProgbarLogger
from thalweg._src.keras.callbacks.small import LambdaCallback as LambdaCallback
from thalweg._src.keras.callbacks.small import RemoteMonitor as RemoteMonitor
from thalweg._src.keras.callbacks.small import SwapEMAWeights as SwapEMAWeights
from thalweg._src.keras.callbacks.small import TerminateOnNaN as TerminateOnNaN
from thalweg._src.keras.callbacks.tensorboard import TensorBoard as TensorBoard

_know_other_names(__name__)
