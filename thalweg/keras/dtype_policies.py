"""Dtype policies: in which dtype layers compute and keep their weights."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.base.policy import DTypePolicy as DTypePolicy
from thalweg._src.keras.base.policy import FloatDTypePolicy as FloatDTypePolicy
from thalweg._src.keras.base.policy import deserialize as deserialize
from thalweg._src.keras.base.policy import policy_of as get
from thalweg._src.keras.base.policy import serialize as serialize
from thalweg._src.keras.base.policy_map import DTypePolicyMap as DTypePolicyMap

_know_other_names(__name__)
