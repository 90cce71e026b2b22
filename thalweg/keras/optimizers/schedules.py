"""Learning rates as functions of the number of steps."""

from thalweg._src.keras.optimizers.schedules import deserialize as deserialize
from thalweg._src.keras.optimizers.schedules import serialize as serialize
from thalweg._src.keras.optimizers.schedules.base import (
    LearningRateSchedule as LearningRateSchedule,
)
from thalweg._src.keras.optimizers.schedules.cosine import CosineDecay as CosineDecay
from thalweg._src.keras.optimizers.schedules.cosine import (
    CosineDecayRestarts as CosineDecayRestarts,
)
from thalweg._src.keras.optimizers.schedules.exponential import ExponentialDecay as ExponentialDecay
from thalweg._src.keras.optimizers.schedules.exponential import InverseTimeDecay as InverseTimeDecay
from thalweg._src.keras.optimizers.schedules.piecewise import (
    PiecewiseConstantDecay as PiecewiseConstantDecay,
)
from thalweg._src.keras.optimizers.schedules.polynomial import PolynomialDecay as PolynomialDecay
