"""Models."""

from thalweg._src.keras.models.model import Model as Model
from thalweg._src.keras.models.sequential import Sequential as Sequential
