"""Losses: what training minimises."""

from thalweg._src.keras.losses import deserialize as deserialize
from thalweg._src.keras.losses import get as get
from thalweg._src.keras.losses import serialize as serialize
from thalweg._src.keras.losses.base import Loss as Loss
from thalweg._src.keras.losses.circle import Circle as Circle
from thalweg._src.keras.losses.circle import circle as circle
from thalweg._src.keras.losses.cosine import CosineSimilarity as CosineSimilarity
from thalweg._src.keras.losses.cosine import cosine_similarity as cosine_similarity
from thalweg._src.keras.losses.crossentropy import BinaryCrossentropy as BinaryCrossentropy
from thalweg._src.keras.losses.crossentropy import (
    CategoricalCrossentropy as CategoricalCrossentropy,
)
from thalweg._src.keras.losses.crossentropy import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from thalweg._src.keras.losses.crossentropy import binary_crossentropy as binary_crossentropy
from thalweg._src.keras.losses.crossentropy import (
    categorical_crossentropy as categorical_crossentropy,
)
from thalweg._src.keras.losses.crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from thalweg._src.keras.losses.ctc import CTC as CTC
from thalweg._src.keras.losses.ctc import ctc as ctc
from thalweg._src.keras.losses.divergence import KLDivergence as KLDivergence
from thalweg._src.keras.losses.divergence import Poisson as Poisson
from thalweg._src.keras.losses.divergence import kl_divergence as KLD
from thalweg._src.keras.losses.divergence import kl_divergence as kl_divergence
from thalweg._src.keras.losses.divergence import kl_divergence as kld
from thalweg._src.keras.losses.divergence import kl_divergence as kullback_leibler_divergence
from thalweg._src.keras.losses.divergence import poisson as poisson
from thalweg._src.keras.losses.focal import BinaryFocalCrossentropy as BinaryFocalCrossentropy
from thalweg._src.keras.losses.focal import (
    CategoricalFocalCrossentropy as CategoricalFocalCrossentropy,
)
from thalweg._src.keras.losses.focal import binary_focal_crossentropy as binary_focal_crossentropy
from thalweg._src.keras.losses.focal import (
    categorical_focal_crossentropy as categorical_focal_crossentropy,
)
from thalweg._src.keras.losses.generalized import (
    CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy,
)
from thalweg._src.keras.losses.generalized import (
    categorical_generalized_cross_entropy as categorical_generalized_cross_entropy,
)
from thalweg._src.keras.losses.hinge import CategoricalHinge as CategoricalHinge
from thalweg._src.keras.losses.hinge import Hinge as Hinge
from thalweg._src.keras.losses.hinge import SquaredHinge as SquaredHinge
from thalweg._src.keras.losses.hinge import categorical_hinge as categorical_hinge
from thalweg._src.keras.losses.hinge import hinge as hinge
from thalweg._src.keras.losses.hinge import squared_hinge as squared_hinge
from thalweg._src.keras.losses.overlap import Dice as Dice
from thalweg._src.keras.losses.overlap import Tversky as Tversky
from thalweg._src.keras.losses.overlap import dice as dice
from thalweg._src.keras.losses.overlap import tversky as tversky
from thalweg._src.keras.losses.reductions import Reduction as Reduction
from thalweg._src.keras.losses.regression import Huber as Huber
from thalweg._src.keras.losses.regression import LogCosh as LogCosh
from thalweg._src.keras.losses.regression import MeanAbsoluteError as MeanAbsoluteError
from thalweg._src.keras.losses.regression import (
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
)
from thalweg._src.keras.losses.regression import MeanSquaredError as MeanSquaredError
from thalweg._src.keras.losses.regression import (
    MeanSquaredLogarithmicError as MeanSquaredLogarithmicError,
)
from thalweg._src.keras.losses.regression import huber as huber
from thalweg._src.keras.losses.regression import log_cosh as log_cosh
from thalweg._src.keras.losses.regression import log_cosh as logcosh
from thalweg._src.keras.losses.regression import mean_absolute_error as MAE
from thalweg._src.keras.losses.regression import mean_absolute_error as mae
from thalweg._src.keras.losses.regression import mean_absolute_error as mean_absolute_error
from thalweg._src.keras.losses.regression import mean_absolute_percentage_error as MAPE
from thalweg._src.keras.losses.regression import mean_absolute_percentage_error as mape
from thalweg._src.keras.losses.regression import (
    mean_absolute_percentage_error as mean_absolute_percentage_error,
)
from thalweg._src.keras.losses.regression import mean_squared_error as MSE
from thalweg._src.keras.losses.regression import mean_squared_error as mean_squared_error
from thalweg._src.keras.losses.regression import mean_squared_error as mse
from thalweg._src.keras.losses.regression import mean_squared_logarithmic_error as MSLE
from thalweg._src.keras.losses.regression import (
    mean_squared_logarithmic_error as mean_squared_logarithmic_error,
)
from thalweg._src.keras.losses.regression import mean_squared_logarithmic_error as msle
