"""Constraints: functions applied to weights after each update."""

from thalweg._src.keras.constraints import Constraint as Constraint
from thalweg._src.keras.constraints import MaxNorm as MaxNorm
from thalweg._src.keras.constraints import MaxNorm as max_norm
from thalweg._src.keras.constraints import MinMaxNorm as MinMaxNorm
from thalweg._src.keras.constraints import MinMaxNorm as min_max_norm
from thalweg._src.keras.constraints import NonNeg as NonNeg
from thalweg._src.keras.constraints import NonNeg as non_neg
from thalweg._src.keras.constraints import UnitNorm as UnitNorm
from thalweg._src.keras.constraints import UnitNorm as unit_norm
from thalweg._src.keras.constraints import deserialize as deserialize
from thalweg._src.keras.constraints import get as get
from thalweg._src.keras.constraints import serialize as serialize
