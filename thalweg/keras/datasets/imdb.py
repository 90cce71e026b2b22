"""IMDB: 50,000 film reviews, liked or not."""

from thalweg._src.keras.datasets.imdb import get_word_index as get_word_index
from thalweg._src.keras.datasets.imdb import load_data as load_data
