"""Reuters: 11,228 newswires of 46 topics."""

from thalweg._src.keras.datasets.reuters import get_label_names as get_label_names
from thalweg._src.keras.datasets.reuters import get_word_index as get_word_index
from thalweg._src.keras.datasets.reuters import load_data as load_data
