"""tf.lookup: tables from keys to values."""

from thalweg._src.lookup.initializers import KeyValueTensorInitializer as KeyValueTensorInitializer
from thalweg._src.lookup.initializers import TextFileIndex as TextFileIndex
from thalweg._src.lookup.initializers import TextFileInitializer as TextFileInitializer
from thalweg._src.lookup.tables import StaticHashTable as StaticHashTable
from thalweg._src.lookup.vocabulary import StaticVocabularyTable as StaticVocabularyTable
from thalweg.lookup import experimental as experimental
