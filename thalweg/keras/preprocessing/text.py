"""Preparation of texts."""

from thalweg._src.keras.utils.tokenizer import Tokenizer as Tokenizer
from thalweg._src.keras.utils.tokenizer import hashing_trick as hashing_trick
from thalweg._src.keras.utils.tokenizer import one_hot as one_hot
from thalweg._src.keras.utils.tokenizer import text_to_word_sequence as text_to_word_sequence
from thalweg._src.keras.utils.tokenizer import tokenizer_from_json as tokenizer_from_json
