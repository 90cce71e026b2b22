"""Keras models as estimators of other libraries."""

from thalweg._src.keras.wrappers.sklearn import SKLearnClassifier as SKLearnClassifier
from thalweg._src.keras.wrappers.sklearn import SKLearnRegressor as SKLearnRegressor
from thalweg._src.keras.wrappers.sklearn import SKLearnTransformer as SKLearnTransformer
