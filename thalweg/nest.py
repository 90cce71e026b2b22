"""Walking nested structures of lists, tuples and dicts."""

from thalweg._src.base.nest import assert_same_structure as assert_same_structure
from thalweg._src.base.nest import flatten as flatten
from thalweg._src.base.nest import is_nested as is_nested
from thalweg._src.base.nest import map_structure as map_structure
from thalweg._src.base.nest import pack_sequence_as as pack_sequence_as
