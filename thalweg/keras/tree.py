"""Nested structures, as Keras walks them."""

from thalweg._src.keras.base.tree import MAP_TO_NONE as MAP_TO_NONE
from thalweg._src.keras.base.tree import assert_same_paths as assert_same_paths
from thalweg._src.keras.base.tree import assert_same_structure as assert_same_structure
from thalweg._src.keras.base.tree import flatten as flatten
from thalweg._src.keras.base.tree import flatten_with_path as flatten_with_path
from thalweg._src.keras.base.tree import is_nested as is_nested
from thalweg._src.keras.base.tree import lists_to_tuples as lists_to_tuples
from thalweg._src.keras.base.tree import map_shape_structure as map_shape_structure
from thalweg._src.keras.base.tree import map_structure as map_structure
from thalweg._src.keras.base.tree import map_structure_up_to as map_structure_up_to
from thalweg._src.keras.base.tree import pack_sequence_as as pack_sequence_as
from thalweg._src.keras.base.tree import traverse as traverse
