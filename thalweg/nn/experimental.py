"""tf.nn.experimental: further forms of dropout."""

from thalweg._src.random.dropout import general_dropout as general_dropout
from thalweg._src.random.dropout import stateless_dropout as stateless_dropout
