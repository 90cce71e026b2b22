"""Metrics: quantities gathered over batches."""

from thalweg._src.keras.losses.crossentropy import binary_crossentropy as binary_crossentropy
from thalweg._src.keras.losses.crossentropy import (
    categorical_crossentropy as categorical_crossentropy,
)
from thalweg._src.keras.losses.crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from thalweg._src.keras.losses.divergence import kl_divergence as KLD
from thalweg._src.keras.losses.divergence import kl_divergence as kl_divergence
from thalweg._src.keras.losses.divergence import kl_divergence as kld
from thalweg._src.keras.losses.divergence import kl_divergence as kullback_leibler_divergence
from thalweg._src.keras.losses.divergence import poisson as poisson
from thalweg._src.keras.losses.focal import binary_focal_crossentropy as binary_focal_crossentropy
from thalweg._src.keras.losses.focal import (
    categorical_focal_crossentropy as categorical_focal_crossentropy,
)
from thalweg._src.keras.losses.hinge import categorical_hinge as categorical_hinge
from thalweg._src.keras.losses.hinge import hinge as hinge
from thalweg._src.keras.losses.hinge import squared_hinge as squared_hinge
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
from thalweg._src.keras.metrics import deserialize as deserialize
from thalweg._src.keras.metrics import get as get
from thalweg._src.keras.metrics import serialize as serialize
from thalweg._src.keras.metrics.accuracy import Accuracy as Accuracy
from thalweg._src.keras.metrics.accuracy import BinaryAccuracy as BinaryAccuracy
from thalweg._src.keras.metrics.accuracy import CategoricalAccuracy as CategoricalAccuracy
from thalweg._src.keras.metrics.accuracy import (
    SparseCategoricalAccuracy as SparseCategoricalAccuracy,
)
from thalweg._src.keras.metrics.accuracy import (
    SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy,
)
from thalweg._src.keras.metrics.accuracy import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from thalweg._src.keras.metrics.accuracy import binary_accuracy as binary_accuracy
from thalweg._src.keras.metrics.accuracy import categorical_accuracy as categorical_accuracy
from thalweg._src.keras.metrics.accuracy import (
    sparse_categorical_accuracy as sparse_categorical_accuracy,
)
from thalweg._src.keras.metrics.accuracy import (
    sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy,
)
from thalweg._src.keras.metrics.accuracy import (
    top_k_categorical_accuracy as top_k_categorical_accuracy,
)
from thalweg._src.keras.metrics.auc import AUC as AUC
from thalweg._src.keras.metrics.base import Metric as Metric
from thalweg._src.keras.metrics.correlation import ConcordanceCorrelation as ConcordanceCorrelation
from thalweg._src.keras.metrics.correlation import PearsonCorrelation as PearsonCorrelation
from thalweg._src.keras.metrics.correlation import (
    concordance_correlation as concordance_correlation,
)
from thalweg._src.keras.metrics.correlation import pearson_correlation as pearson_correlation
from thalweg._src.keras.metrics.f_score import F1Score as F1Score
from thalweg._src.keras.metrics.f_score import FBetaScore as FBetaScore
from thalweg._src.keras.metrics.hinge import CategoricalHinge as CategoricalHinge
from thalweg._src.keras.metrics.hinge import Hinge as Hinge
from thalweg._src.keras.metrics.hinge import SquaredHinge as SquaredHinge
from thalweg._src.keras.metrics.iou import BinaryIoU as BinaryIoU
from thalweg._src.keras.metrics.iou import IoU as IoU
from thalweg._src.keras.metrics.iou import MeanIoU as MeanIoU
from thalweg._src.keras.metrics.iou import OneHotIoU as OneHotIoU
from thalweg._src.keras.metrics.iou import OneHotMeanIoU as OneHotMeanIoU
from thalweg._src.keras.metrics.probabilistic import BinaryCrossentropy as BinaryCrossentropy
from thalweg._src.keras.metrics.probabilistic import (
    CategoricalCrossentropy as CategoricalCrossentropy,
)
from thalweg._src.keras.metrics.probabilistic import KLDivergence as KLDivergence
from thalweg._src.keras.metrics.probabilistic import Poisson as Poisson
from thalweg._src.keras.metrics.probabilistic import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from thalweg._src.keras.metrics.reductions import Mean as Mean
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper as MeanMetricWrapper
from thalweg._src.keras.metrics.reductions import Sum as Sum
from thalweg._src.keras.metrics.regression import CosineSimilarity as CosineSimilarity
from thalweg._src.keras.metrics.regression import LogCoshError as LogCoshError
from thalweg._src.keras.metrics.regression import MeanAbsoluteError as MeanAbsoluteError
from thalweg._src.keras.metrics.regression import (
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
)
from thalweg._src.keras.metrics.regression import MeanSquaredError as MeanSquaredError
from thalweg._src.keras.metrics.regression import (
    MeanSquaredLogarithmicError as MeanSquaredLogarithmicError,
)
from thalweg._src.keras.metrics.regression import R2Score as R2Score
from thalweg._src.keras.metrics.regression import RootMeanSquaredError as RootMeanSquaredError
from thalweg._src.keras.metrics.thresholds import FalseNegatives as FalseNegatives
from thalweg._src.keras.metrics.thresholds import FalsePositives as FalsePositives
from thalweg._src.keras.metrics.thresholds import Precision as Precision
from thalweg._src.keras.metrics.thresholds import PrecisionAtRecall as PrecisionAtRecall
from thalweg._src.keras.metrics.thresholds import Recall as Recall
from thalweg._src.keras.metrics.thresholds import RecallAtPrecision as RecallAtPrecision
from thalweg._src.keras.metrics.thresholds import (
    SensitivityAtSpecificity as SensitivityAtSpecificity,
)
from thalweg._src.keras.metrics.thresholds import (
    SpecificityAtSensitivity as SpecificityAtSensitivity,
)
from thalweg._src.keras.metrics.thresholds import TrueNegatives as TrueNegatives
from thalweg._src.keras.metrics.thresholds import TruePositives as TruePositives
