"""Optimizers: updates of weights by their gradients."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.optimizers import deserialize as deserialize
from thalweg._src.keras.optimizers import get as get
from thalweg._src.keras.optimizers import serialize as serialize
from thalweg._src.keras.optimizers.adadelta import Adadelta as Adadelta
from thalweg._src.keras.optimizers.adafactor import Adafactor as Adafactor
from thalweg._src.keras.optimizers.adagrad import Adagrad as Adagrad
from thalweg._src.keras.optimizers.adam import Adam as Adam
from thalweg._src.keras.optimizers.adam import AdamW as AdamW
from thalweg._src.keras.optimizers.adamax import Adamax as Adamax
from thalweg._src.keras.optimizers.base import Optimizer as Optimizer
from thalweg._src.keras.optimizers.ftrl import Ftrl as Ftrl
from thalweg._src.keras.optimizers.lamb import Lamb as Lamb
from thalweg._src.keras.optimizers.lion import Lion as Lion
from thalweg._src.keras.optimizers.loss_scale import LossScaleOptimizer as LossScaleOptimizer
from thalweg._src.keras.optimizers.multi import MultiOptimizer as MultiOptimizer
from thalweg._src.keras.optimizers.muon import Muon as Muon
from thalweg._src.keras.optimizers.nadam import Nadam as Nadam
from thalweg._src.keras.optimizers.optimizer_map import OptimizerMap as OptimizerMap
from thalweg._src.keras.optimizers.rmsprop import RMSprop as RMSprop
from thalweg._src.keras.optimizers.schedule_free import ScheduleFreeAdamW as ScheduleFreeAdamW
from thalweg._src.keras.optimizers.sgd import SGD as SGD
from thalweg.keras.optimizers import legacy as legacy
from thalweg.keras.optimizers import schedules as schedules

_know_other_names(__name__)
