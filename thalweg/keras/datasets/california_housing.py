"""California housing: 20,640 district prices of the 1990 census."""

from thalweg._src.keras.datasets.california_housing import load_data as load_data
