"""Dtype policies: in which dtype layers compute and keep their weights."""

from thalweg._src.keras.base.policy import DTypePolicy as DTypePolicy
from thalweg._src.keras.base.policy import FloatDTypePolicy as FloatDTypePolicy
from thalweg._src.keras.base.policy import deserialize as deserialize
from thalweg._src.keras.base.policy import policy_of as get
from thalweg._src.keras.base.policy import serialize as serialize
from thalweg._src.keras.base.policy_map import DTypePolicyMap as DTypePolicyMap
