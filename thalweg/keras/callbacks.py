"""Callbacks: what happens during training besides training."""

from thalweg._src.keras.callbacks.base import Callback as Callback
from thalweg._src.keras.callbacks.callback_list import CallbackList as CallbackList
from thalweg._src.keras.callbacks.history import History as History
from thalweg._src.keras.callbacks.progress import ProgbarLogger as ProgbarLogger
