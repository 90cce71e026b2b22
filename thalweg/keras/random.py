"""Random numbers: seed generators, distributions, dropout and shuffling."""

from thalweg._src.keras.random.distributions import beta as beta
from thalweg._src.keras.random.distributions import binomial as binomial
from thalweg._src.keras.random.distributions import categorical as categorical
from thalweg._src.keras.random.distributions import gamma as gamma
from thalweg._src.keras.random.distributions import normal as normal
from thalweg._src.keras.random.distributions import randint as randint
from thalweg._src.keras.random.distributions import truncated_normal as truncated_normal
from thalweg._src.keras.random.distributions import uniform as uniform
from thalweg._src.keras.random.noise import dropout as dropout
from thalweg._src.keras.random.noise import shuffle as shuffle
from thalweg._src.keras.random.seed_generator import SeedGenerator as SeedGenerator
