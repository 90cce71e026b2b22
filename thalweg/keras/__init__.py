"""Keras: layers, models and their training."""

import typing as _typing

from thalweg._src.base.lazy import lazy_submodules as _lazy_submodules
from thalweg._src.core.symbolic import KerasTensor as KerasTensor
from thalweg._src.keras.base.policy import DTypePolicy as DTypePolicy
from thalweg._src.keras.base.policy import FloatDTypePolicy as FloatDTypePolicy
from thalweg._src.keras.base.rematerialization import RematScope as RematScope
from thalweg._src.keras.base.rematerialization import remat as remat
from thalweg._src.keras.base.scopes import device as device
from thalweg._src.keras.base.scopes import name_scope as name_scope
from thalweg._src.keras.base.stateless import StatelessScope as StatelessScope
from thalweg._src.keras.base.variable import KerasVariable as Variable
from thalweg._src.keras.base.version import __version__ as __version__
from thalweg._src.keras.base.version import version as version
from thalweg._src.keras.initializers import Initializer as Initializer
from thalweg._src.keras.layers.base.input_spec import InputSpec as InputSpec
from thalweg._src.keras.layers.base.layer import Layer as Layer
from thalweg._src.keras.layers.base.operation import Operation as Operation
from thalweg._src.keras.layers.core.input_layer import Input as Input
from thalweg._src.keras.losses.base import Loss as Loss
from thalweg._src.keras.metrics.base import Metric as Metric
from thalweg._src.keras.models.function import Function as Function
from thalweg._src.keras.models.model import Model as Model
from thalweg._src.keras.models.sequential import Sequential as Sequential
from thalweg._src.keras.optimizers.base import Optimizer as Optimizer
from thalweg._src.keras.regularizers import Regularizer as Regularizer
from thalweg.keras import activations as activations
from thalweg.keras import backend as backend
from thalweg.keras import callbacks as callbacks
from thalweg.keras import config as config
from thalweg.keras import constraints as constraints
from thalweg.keras import datasets as datasets
from thalweg.keras import dtype_policies as dtype_policies
from thalweg.keras import initializers as initializers
from thalweg.keras import layers as layers
from thalweg.keras import losses as losses
from thalweg.keras import metrics as metrics
from thalweg.keras import mixed_precision as mixed_precision
from thalweg.keras import models as models
from thalweg.keras import ops as ops
from thalweg.keras import optimizers as optimizers
from thalweg.keras import preprocessing as preprocessing
from thalweg.keras import random as random
from thalweg.keras import regularizers as regularizers
from thalweg.keras import saving as saving
from thalweg.keras import tree as tree
from thalweg.keras import utils as utils
from thalweg.keras import visualization as visualization
from thalweg.keras import wrappers as wrappers

if _typing.TYPE_CHECKING:
    from thalweg.keras import applications as applications

__getattr__, __dir__ = _lazy_submodules(__name__, "applications")
