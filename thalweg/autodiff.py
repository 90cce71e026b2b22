"""Automatic differentiation."""

from thalweg._src.autodiff.forward import ForwardAccumulator as ForwardAccumulator
from thalweg._src.autodiff.tape import GradientTape as GradientTape
