"""Boston housing: 506 house prices of the 1970s."""

from thalweg._src.keras.datasets.boston_housing import load_data as load_data
