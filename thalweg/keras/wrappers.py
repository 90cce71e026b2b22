"""Keras models as estimators of other libraries."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.wrappers.sklearn import SKLearnClassifier as SKLearnClassifier
from thalweg._src.keras.wrappers.sklearn import SKLearnRegressor as SKLearnRegressor
from thalweg._src.keras.wrappers.sklearn import SKLearnTransformer as SKLearnTransformer

_know_other_names(__name__)
