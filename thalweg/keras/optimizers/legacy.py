"""Names of the optimizers of Keras 2."""

from thalweg._src.keras.optimizers.legacy import SGD as SGD
from thalweg._src.keras.optimizers.legacy import Adagrad as Adagrad
from thalweg._src.keras.optimizers.legacy import Adam as Adam
from thalweg._src.keras.optimizers.legacy import Ftrl as Ftrl
from thalweg._src.keras.optimizers.legacy import Optimizer as Optimizer
from thalweg._src.keras.optimizers.legacy import RMSprop as RMSprop
