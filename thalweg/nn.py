"""tf.nn: building blocks of neural networks."""

from thalweg._src.ops.blocks import depth_to_space as depth_to_space
from thalweg._src.ops.blocks import space_to_batch as space_to_batch
from thalweg._src.ops.blocks import space_to_depth as space_to_depth
from thalweg._src.ops.counting import zero_fraction as zero_fraction
from thalweg._src.ops.exponential import sigmoid as sigmoid
from thalweg._src.ops.exponential import softplus as softplus
from thalweg._src.ops.exponential import softsign as softsign
from thalweg._src.ops.ranking import approx_max_k as approx_max_k
from thalweg._src.ops.ranking import approx_min_k as approx_min_k
from thalweg._src.ops.ranking import in_top_k as in_top_k
from thalweg._src.ops.ranking import top_k as top_k
from thalweg._src.ops.reduction import l2_loss as l2_loss
from thalweg._src.ops.trigonometric import tanh as tanh
