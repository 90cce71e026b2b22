"""Regularizers: penalties of weights, added to the loss."""

from thalweg._src.keras.regularizers import L1 as L1
from thalweg._src.keras.regularizers import L1 as l1
from thalweg._src.keras.regularizers import L1L2 as L1L2
from thalweg._src.keras.regularizers import L1L2 as l1_l2
from thalweg._src.keras.regularizers import L2 as L2
from thalweg._src.keras.regularizers import L2 as l2
from thalweg._src.keras.regularizers import OrthogonalRegularizer as OrthogonalRegularizer
from thalweg._src.keras.regularizers import OrthogonalRegularizer as orthogonal_regularizer
from thalweg._src.keras.regularizers import Regularizer as Regularizer
from thalweg._src.keras.regularizers import deserialize as deserialize
from thalweg._src.keras.regularizers import get as get
from thalweg._src.keras.regularizers import serialize as serialize
