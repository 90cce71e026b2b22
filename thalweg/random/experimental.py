"""tf.random.experimental: further names of random functions."""

from thalweg._src.random.arguments import Algorithm as Algorithm
from thalweg._src.random.generator import Generator as Generator
from thalweg._src.random.generator import create_rng_state as create_rng_state
from thalweg._src.random.generator import get_global_generator as get_global_generator
from thalweg._src.random.generator import set_global_generator as set_global_generator
from thalweg._src.random.seeds import index_shuffle as index_shuffle
from thalweg._src.random.seeds import stateless_fold_in as stateless_fold_in
from thalweg._src.random.seeds import stateless_split as stateless_split
from thalweg._src.random.stateless import stateless_shuffle as stateless_shuffle
