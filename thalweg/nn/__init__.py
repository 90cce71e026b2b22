"""tf.nn: building blocks of neural networks."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.ops.blocks import depth_to_space as depth_to_space
from thalweg._src.ops.blocks import space_to_batch as space_to_batch
from thalweg._src.ops.blocks import space_to_depth as space_to_depth
from thalweg._src.ops.counting import zero_fraction as zero_fraction
from thalweg._src.ops.exponential import sigmoid as sigmoid
from thalweg._src.ops.exponential import softplus as softplus
from thalweg._src.ops.exponential import softsign as softsign
from thalweg._src.ops.linalg import l2_normalize as l2_normalize
from thalweg._src.ops.nn.activations import crelu as crelu
from thalweg._src.ops.nn.activations import elu as elu
from thalweg._src.ops.nn.activations import gelu as gelu
from thalweg._src.ops.nn.activations import leaky_relu as leaky_relu
from thalweg._src.ops.nn.activations import relu as relu
from thalweg._src.ops.nn.activations import relu6 as relu6
from thalweg._src.ops.nn.activations import selu as selu
from thalweg._src.ops.nn.activations import silu as silu
from thalweg._src.ops.nn.activations import swish as swish
from thalweg._src.ops.nn.average_pooling import avg_pool as avg_pool
from thalweg._src.ops.nn.average_pooling import avg_pool1d as avg_pool1d
from thalweg._src.ops.nn.average_pooling import avg_pool2d as avg_pool2d
from thalweg._src.ops.nn.average_pooling import avg_pool3d as avg_pool3d
from thalweg._src.ops.nn.averages import compute_average_loss as compute_average_loss
from thalweg._src.ops.nn.averages import scale_regularization_loss as scale_regularization_loss
from thalweg._src.ops.nn.convolution import atrous_conv2d as atrous_conv2d
from thalweg._src.ops.nn.convolution import bias_add as bias_add
from thalweg._src.ops.nn.convolution import conv1d as conv1d
from thalweg._src.ops.nn.convolution import conv2d as conv2d
from thalweg._src.ops.nn.convolution import conv3d as conv3d
from thalweg._src.ops.nn.convolution import convolution as convolution
from thalweg._src.ops.nn.convolution_transpose import (
    atrous_conv2d_transpose as atrous_conv2d_transpose,
)
from thalweg._src.ops.nn.convolution_transpose import conv1d_transpose as conv1d_transpose
from thalweg._src.ops.nn.convolution_transpose import conv2d_transpose as conv2d_transpose
from thalweg._src.ops.nn.convolution_transpose import conv3d_transpose as conv3d_transpose
from thalweg._src.ops.nn.convolution_transpose import conv_transpose as conv_transpose
from thalweg._src.ops.nn.ctc import collapse_repeated as collapse_repeated
from thalweg._src.ops.nn.ctc import ctc_loss as ctc_loss
from thalweg._src.ops.nn.ctc import ctc_unique_labels as ctc_unique_labels
from thalweg._src.ops.nn.depthwise import depthwise_conv2d as depthwise_conv2d
from thalweg._src.ops.nn.depthwise import (
    depthwise_conv2d_backprop_filter as depthwise_conv2d_backprop_filter,
)
from thalweg._src.ops.nn.depthwise import (
    depthwise_conv2d_backprop_input as depthwise_conv2d_backprop_input,
)
from thalweg._src.ops.nn.depthwise import separable_conv2d as separable_conv2d
from thalweg._src.ops.nn.embedding import embedding_lookup as embedding_lookup
from thalweg._src.ops.nn.isotonic import isotonic_regression as isotonic_regression
from thalweg._src.ops.nn.losses import log_poisson_loss as log_poisson_loss
from thalweg._src.ops.nn.losses import (
    sigmoid_cross_entropy_with_logits as sigmoid_cross_entropy_with_logits,
)
from thalweg._src.ops.nn.losses import (
    softmax_cross_entropy_with_logits as softmax_cross_entropy_with_logits,
)
from thalweg._src.ops.nn.losses import (
    sparse_softmax_cross_entropy_with_logits as sparse_softmax_cross_entropy_with_logits,
)
from thalweg._src.ops.nn.losses import (
    weighted_cross_entropy_with_logits as weighted_cross_entropy_with_logits,
)
from thalweg._src.ops.nn.max_pooling import max_pool as max_pool
from thalweg._src.ops.nn.max_pooling import max_pool1d as max_pool1d
from thalweg._src.ops.nn.max_pooling import max_pool2d as max_pool2d
from thalweg._src.ops.nn.max_pooling import max_pool3d as max_pool3d
from thalweg._src.ops.nn.max_pooling import max_pool_with_argmax as max_pool_with_argmax
from thalweg._src.ops.nn.moments import moments as moments
from thalweg._src.ops.nn.moments import normalize_moments as normalize_moments
from thalweg._src.ops.nn.moments import sufficient_statistics as sufficient_statistics
from thalweg._src.ops.nn.moments import weighted_moments as weighted_moments
from thalweg._src.ops.nn.morphology import dilation2d as dilation2d
from thalweg._src.ops.nn.morphology import erosion2d as erosion2d
from thalweg._src.ops.nn.normalization import (
    batch_norm_with_global_normalization as batch_norm_with_global_normalization,
)
from thalweg._src.ops.nn.normalization import batch_normalization as batch_normalization
from thalweg._src.ops.nn.normalization import (
    local_response_normalization as local_response_normalization,
)
from thalweg._src.ops.nn.normalization import lrn as lrn
from thalweg._src.ops.nn.pooling import pool as pool
from thalweg._src.ops.nn.softmax import log_softmax as log_softmax
from thalweg._src.ops.nn.softmax import softmax as softmax
from thalweg._src.ops.nn.sparse_embedding import embedding_lookup_sparse as embedding_lookup_sparse
from thalweg._src.ops.nn.sparse_embedding import (
    safe_embedding_lookup_sparse as safe_embedding_lookup_sparse,
)
from thalweg._src.ops.nn.spatial import with_space_to_batch as with_space_to_batch
from thalweg._src.ops.ranking import approx_max_k as approx_max_k
from thalweg._src.ops.ranking import approx_min_k as approx_min_k
from thalweg._src.ops.ranking import in_top_k as in_top_k
from thalweg._src.ops.ranking import top_k as top_k
from thalweg._src.ops.reduction import l2_loss as l2_loss
from thalweg._src.ops.trigonometric import tanh as tanh
from thalweg._src.random.candidates import all_candidate_sampler as all_candidate_sampler
from thalweg._src.random.dropout import dropout as dropout
from thalweg._src.random.sampled_losses import compute_accidental_hits as compute_accidental_hits
from thalweg._src.random.sampled_losses import nce_loss as nce_loss
from thalweg._src.random.sampled_losses import sampled_softmax_loss as sampled_softmax_loss
from thalweg.nn import experimental as experimental

_know_other_names(__name__)
