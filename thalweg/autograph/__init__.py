"""Conversion of Python's control flow on tensors."""

from thalweg._src.function.autograph import set_verbosity as set_verbosity
from thalweg._src.function.autograph import to_code as to_code
from thalweg._src.function.autograph import to_graph as to_graph
from thalweg._src.function.autograph import trace as trace
from thalweg.autograph import experimental as experimental
