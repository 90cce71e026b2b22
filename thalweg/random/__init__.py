"""tf.random: random tensors, seeds and generators."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.random.arguments import Algorithm as Algorithm
from thalweg._src.random.candidates import all_candidate_sampler as all_candidate_sampler
from thalweg._src.random.candidates import (
    log_uniform_candidate_sampler as log_uniform_candidate_sampler,
)
from thalweg._src.random.candidates import uniform_candidate_sampler as uniform_candidate_sampler
from thalweg._src.random.distributions import categorical as categorical
from thalweg._src.random.distributions import gamma as gamma
from thalweg._src.random.distributions import normal as normal
from thalweg._src.random.distributions import poisson as poisson
from thalweg._src.random.distributions import shuffle as shuffle
from thalweg._src.random.distributions import truncated_normal as truncated_normal
from thalweg._src.random.distributions import uniform as uniform
from thalweg._src.random.generator import Generator as Generator
from thalweg._src.random.generator import create_rng_state as create_rng_state
from thalweg._src.random.generator import get_global_generator as get_global_generator
from thalweg._src.random.generator import set_global_generator as set_global_generator
from thalweg._src.random.global_generator import set_seed as set_seed
from thalweg._src.random.seeds import fold_in as fold_in
from thalweg._src.random.seeds import split as split
from thalweg._src.random.stateless import stateless_binomial as stateless_binomial
from thalweg._src.random.stateless import stateless_categorical as stateless_categorical
from thalweg._src.random.stateless import stateless_gamma as stateless_gamma
from thalweg._src.random.stateless import stateless_normal as stateless_normal
from thalweg._src.random.stateless import (
    stateless_parameterized_truncated_normal as stateless_parameterized_truncated_normal,
)
from thalweg._src.random.stateless import stateless_poisson as stateless_poisson
from thalweg._src.random.stateless import stateless_truncated_normal as stateless_truncated_normal
from thalweg._src.random.stateless import stateless_uniform as stateless_uniform
from thalweg.random import experimental as experimental

_know_other_names(__name__)
