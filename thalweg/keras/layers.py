"""Layers: the building blocks of models."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.layers.activations.elu import ELU as ELU
from thalweg._src.keras.layers.activations.leaky_relu import LeakyReLU as LeakyReLU
from thalweg._src.keras.layers.activations.prelu import PReLU as PReLU
from thalweg._src.keras.layers.activations.relu import ReLU as ReLU
from thalweg._src.keras.layers.activations.softmax import Softmax as Softmax
from thalweg._src.keras.layers.activations.thresholded_relu import (
    ThresholdedReLU as ThresholdedReLU,
)
from thalweg._src.keras.layers.attention.additive_attention import (
    AdditiveAttention as AdditiveAttention,
)
from thalweg._src.keras.layers.attention.attention import Attention as Attention
from thalweg._src.keras.layers.attention.grouped_query_attention import (
    GroupedQueryAttention as GroupQueryAttention,
)
from thalweg._src.keras.layers.attention.grouped_query_attention import (
    GroupedQueryAttention as GroupedQueryAttention,
)
from thalweg._src.keras.layers.attention.multi_head_attention import (
    MultiHeadAttention as MultiHeadAttention,
)
from thalweg._src.keras.layers.base.input_spec import InputSpec as InputSpec
from thalweg._src.keras.layers.base.layer import Layer as Layer
from thalweg._src.keras.layers.convolution.conv1d import Conv1D as Conv1D
from thalweg._src.keras.layers.convolution.conv1d import Conv1D as Convolution1D
from thalweg._src.keras.layers.convolution.conv1d_transpose import (
    Conv1DTranspose as Conv1DTranspose,
)
from thalweg._src.keras.layers.convolution.conv1d_transpose import (
    Conv1DTranspose as Convolution1DTranspose,
)
from thalweg._src.keras.layers.convolution.conv2d import Conv2D as Conv2D
from thalweg._src.keras.layers.convolution.conv2d import Conv2D as Convolution2D
from thalweg._src.keras.layers.convolution.conv2d_transpose import (
    Conv2DTranspose as Conv2DTranspose,
)
from thalweg._src.keras.layers.convolution.conv2d_transpose import (
    Conv2DTranspose as Convolution2DTranspose,
)
from thalweg._src.keras.layers.convolution.conv3d import Conv3D as Conv3D
from thalweg._src.keras.layers.convolution.conv3d import Conv3D as Convolution3D
from thalweg._src.keras.layers.convolution.conv3d_transpose import (
    Conv3DTranspose as Conv3DTranspose,
)
from thalweg._src.keras.layers.convolution.conv3d_transpose import (
    Conv3DTranspose as Convolution3DTranspose,
)
from thalweg._src.keras.layers.convolution.depthwise_conv1d import (
    DepthwiseConv1D as DepthwiseConv1D,
)
from thalweg._src.keras.layers.convolution.depthwise_conv2d import (
    DepthwiseConv2D as DepthwiseConv2D,
)
from thalweg._src.keras.layers.convolution.separable_conv1d import (
    SeparableConv1D as SeparableConv1D,
)
from thalweg._src.keras.layers.convolution.separable_conv1d import (
    SeparableConv1D as SeparableConvolution1D,
)
from thalweg._src.keras.layers.convolution.separable_conv2d import (
    SeparableConv2D as SeparableConv2D,
)
from thalweg._src.keras.layers.convolution.separable_conv2d import (
    SeparableConv2D as SeparableConvolution2D,
)
from thalweg._src.keras.layers.core.activation import Activation as Activation
from thalweg._src.keras.layers.core.dense import Dense as Dense
from thalweg._src.keras.layers.core.einsum_dense import EinsumDense as EinsumDense
from thalweg._src.keras.layers.core.embedding import Embedding as Embedding
from thalweg._src.keras.layers.core.flax_layer import FlaxLayer as FlaxLayer
from thalweg._src.keras.layers.core.identity import Identity as Identity
from thalweg._src.keras.layers.core.input_layer import Input as Input
from thalweg._src.keras.layers.core.input_layer import InputLayer as InputLayer
from thalweg._src.keras.layers.core.jax_layer import JaxLayer as JaxLayer
from thalweg._src.keras.layers.core.lambda_layer import Lambda as Lambda
from thalweg._src.keras.layers.core.masking import Masking as Masking
from thalweg._src.keras.layers.core.reversible_embedding import (
    ReversibleEmbedding as ReversibleEmbedding,
)
from thalweg._src.keras.layers.core.serialization import deserialize as deserialize
from thalweg._src.keras.layers.core.serialization import serialize as serialize
from thalweg._src.keras.layers.core.wrapper import Wrapper as Wrapper
from thalweg._src.keras.layers.merging.add import Add as Add
from thalweg._src.keras.layers.merging.add import add as add
from thalweg._src.keras.layers.merging.average import Average as Average
from thalweg._src.keras.layers.merging.average import average as average
from thalweg._src.keras.layers.merging.concatenate import Concatenate as Concatenate
from thalweg._src.keras.layers.merging.concatenate import concatenate as concatenate
from thalweg._src.keras.layers.merging.dot import Dot as Dot
from thalweg._src.keras.layers.merging.dot import dot as dot
from thalweg._src.keras.layers.merging.maximum import Maximum as Maximum
from thalweg._src.keras.layers.merging.maximum import maximum as maximum
from thalweg._src.keras.layers.merging.minimum import Minimum as Minimum
from thalweg._src.keras.layers.merging.minimum import minimum as minimum
from thalweg._src.keras.layers.merging.multiply import Multiply as Multiply
from thalweg._src.keras.layers.merging.multiply import multiply as multiply
from thalweg._src.keras.layers.merging.subtract import Subtract as Subtract
from thalweg._src.keras.layers.merging.subtract import subtract as subtract
from thalweg._src.keras.layers.normalization.batch_normalization import (
    BatchNormalization as BatchNormalization,
)
from thalweg._src.keras.layers.normalization.group_normalization import (
    GroupNormalization as GroupNormalization,
)
from thalweg._src.keras.layers.normalization.layer_normalization import (
    LayerNormalization as LayerNormalization,
)
from thalweg._src.keras.layers.normalization.rms_normalization import (
    RMSNormalization as RMSNormalization,
)
from thalweg._src.keras.layers.normalization.spectral_normalization import (
    SpectralNormalization as SpectralNormalization,
)
from thalweg._src.keras.layers.normalization.unit_normalization import (
    UnitNormalization as UnitNormalization,
)
from thalweg._src.keras.layers.pooling.adaptive_average_pooling1d import (
    AdaptiveAveragePooling1D as AdaptiveAveragePooling1D,
)
from thalweg._src.keras.layers.pooling.adaptive_average_pooling2d import (
    AdaptiveAveragePooling2D as AdaptiveAveragePooling2D,
)
from thalweg._src.keras.layers.pooling.adaptive_average_pooling3d import (
    AdaptiveAveragePooling3D as AdaptiveAveragePooling3D,
)
from thalweg._src.keras.layers.pooling.adaptive_max_pooling1d import (
    AdaptiveMaxPooling1D as AdaptiveMaxPooling1D,
)
from thalweg._src.keras.layers.pooling.adaptive_max_pooling2d import (
    AdaptiveMaxPooling2D as AdaptiveMaxPooling2D,
)
from thalweg._src.keras.layers.pooling.adaptive_max_pooling3d import (
    AdaptiveMaxPooling3D as AdaptiveMaxPooling3D,
)
from thalweg._src.keras.layers.pooling.average_pooling1d import AveragePooling1D as AveragePooling1D
from thalweg._src.keras.layers.pooling.average_pooling1d import AveragePooling1D as AvgPool1D
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D as AveragePooling2D
from thalweg._src.keras.layers.pooling.average_pooling2d import AveragePooling2D as AvgPool2D
from thalweg._src.keras.layers.pooling.average_pooling3d import AveragePooling3D as AveragePooling3D
from thalweg._src.keras.layers.pooling.average_pooling3d import AveragePooling3D as AvgPool3D
from thalweg._src.keras.layers.pooling.global_average_pooling1d import (
    GlobalAveragePooling1D as GlobalAveragePooling1D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling1d import (
    GlobalAveragePooling1D as GlobalAvgPool1D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling2d import (
    GlobalAveragePooling2D as GlobalAveragePooling2D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling2d import (
    GlobalAveragePooling2D as GlobalAvgPool2D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling3d import (
    GlobalAveragePooling3D as GlobalAveragePooling3D,
)
from thalweg._src.keras.layers.pooling.global_average_pooling3d import (
    GlobalAveragePooling3D as GlobalAvgPool3D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling1d import (
    GlobalMaxPooling1D as GlobalMaxPool1D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling1d import (
    GlobalMaxPooling1D as GlobalMaxPooling1D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling2d import (
    GlobalMaxPooling2D as GlobalMaxPool2D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling2d import (
    GlobalMaxPooling2D as GlobalMaxPooling2D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling3d import (
    GlobalMaxPooling3D as GlobalMaxPool3D,
)
from thalweg._src.keras.layers.pooling.global_max_pooling3d import (
    GlobalMaxPooling3D as GlobalMaxPooling3D,
)
from thalweg._src.keras.layers.pooling.max_pooling1d import MaxPooling1D as MaxPool1D
from thalweg._src.keras.layers.pooling.max_pooling1d import MaxPooling1D as MaxPooling1D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D as MaxPool2D
from thalweg._src.keras.layers.pooling.max_pooling2d import MaxPooling2D as MaxPooling2D
from thalweg._src.keras.layers.pooling.max_pooling3d import MaxPooling3D as MaxPool3D
from thalweg._src.keras.layers.pooling.max_pooling3d import MaxPooling3D as MaxPooling3D
from thalweg._src.keras.layers.preprocessing.category_encoding import (
    CategoryEncoding as CategoryEncoding,
)
from thalweg._src.keras.layers.preprocessing.discretization import Discretization as Discretization
from thalweg._src.keras.layers.preprocessing.hashed_crossing import HashedCrossing as HashedCrossing
from thalweg._src.keras.layers.preprocessing.hashing import Hashing as Hashing
from thalweg._src.keras.layers.preprocessing.images.aug_mix import AugMix as AugMix
from thalweg._src.keras.layers.preprocessing.images.auto_contrast import (
    AutoContrast as AutoContrast,
)
from thalweg._src.keras.layers.preprocessing.images.center_crop import CenterCrop as CenterCrop
from thalweg._src.keras.layers.preprocessing.images.contrast_limited_adaptive_histogram_equalization import (
    ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
)
from thalweg._src.keras.layers.preprocessing.images.cut_mix import CutMix as CutMix
from thalweg._src.keras.layers.preprocessing.images.equalization import Equalization as Equalization
from thalweg._src.keras.layers.preprocessing.images.max_num_bounding_boxes import (
    MaxNumBoundingBoxes as MaxNumBoundingBoxes,
)
from thalweg._src.keras.layers.preprocessing.images.mix_up import MixUp as MixUp
from thalweg._src.keras.layers.preprocessing.images.rand_augment import RandAugment as RandAugment
from thalweg._src.keras.layers.preprocessing.images.random_brightness import (
    RandomBrightness as RandomBrightness,
)
from thalweg._src.keras.layers.preprocessing.images.random_color_degeneration import (
    RandomColorDegeneration as RandomColorDegeneration,
)
from thalweg._src.keras.layers.preprocessing.images.random_color_jitter import (
    RandomColorJitter as RandomColorJitter,
)
from thalweg._src.keras.layers.preprocessing.images.random_contrast import (
    RandomContrast as RandomContrast,
)
from thalweg._src.keras.layers.preprocessing.images.random_crop import RandomCrop as RandomCrop
from thalweg._src.keras.layers.preprocessing.images.random_elastic_transform import (
    RandomElasticTransform as RandomElasticTransform,
)
from thalweg._src.keras.layers.preprocessing.images.random_erasing import (
    RandomErasing as RandomErasing,
)
from thalweg._src.keras.layers.preprocessing.images.random_flip import RandomFlip as RandomFlip
from thalweg._src.keras.layers.preprocessing.images.random_gaussian_blur import (
    RandomGaussianBlur as RandomGaussianBlur,
)
from thalweg._src.keras.layers.preprocessing.images.random_grayscale import (
    RandomGrayscale as RandomGrayscale,
)
from thalweg._src.keras.layers.preprocessing.images.random_hue import RandomHue as RandomHue
from thalweg._src.keras.layers.preprocessing.images.random_invert import (
    RandomInvert as RandomInvert,
)
from thalweg._src.keras.layers.preprocessing.images.random_perspective import (
    RandomPerspective as RandomPerspective,
)
from thalweg._src.keras.layers.preprocessing.images.random_posterization import (
    RandomPosterization as RandomPosterization,
)
from thalweg._src.keras.layers.preprocessing.images.random_rotation import (
    RandomRotation as RandomRotation,
)
from thalweg._src.keras.layers.preprocessing.images.random_saturation import (
    RandomSaturation as RandomSaturation,
)
from thalweg._src.keras.layers.preprocessing.images.random_sharpness import (
    RandomSharpness as RandomSharpness,
)
from thalweg._src.keras.layers.preprocessing.images.random_shear import RandomShear as RandomShear
from thalweg._src.keras.layers.preprocessing.images.random_translation import (
    RandomTranslation as RandomTranslation,
)
from thalweg._src.keras.layers.preprocessing.images.random_zoom import RandomZoom as RandomZoom
from thalweg._src.keras.layers.preprocessing.images.resizing import Resizing as Resizing
from thalweg._src.keras.layers.preprocessing.images.solarization import Solarization as Solarization
from thalweg._src.keras.layers.preprocessing.integer_lookup import IntegerLookup as IntegerLookup
from thalweg._src.keras.layers.preprocessing.mel_spectrogram import MelSpectrogram as MelSpectrogram
from thalweg._src.keras.layers.preprocessing.normalization import Normalization as Normalization
from thalweg._src.keras.layers.preprocessing.pipeline import Pipeline as Pipeline
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling as Rescaling
from thalweg._src.keras.layers.preprocessing.stft_spectrogram import (
    STFTSpectrogram as STFTSpectrogram,
)
from thalweg._src.keras.layers.preprocessing.string_lookup import StringLookup as StringLookup
from thalweg._src.keras.layers.preprocessing.text_vectorization import (
    TextVectorization as TextVectorization,
)
from thalweg._src.keras.layers.recurrent.bidirectional import Bidirectional as Bidirectional
from thalweg._src.keras.layers.recurrent.conv_lstm1d import ConvLSTM1D as ConvLSTM1D
from thalweg._src.keras.layers.recurrent.conv_lstm2d import ConvLSTM2D as ConvLSTM2D
from thalweg._src.keras.layers.recurrent.conv_lstm3d import ConvLSTM3D as ConvLSTM3D
from thalweg._src.keras.layers.recurrent.gru import GRU as GRU
from thalweg._src.keras.layers.recurrent.gru_cell import GRUCell as GRUCell
from thalweg._src.keras.layers.recurrent.lstm import LSTM as LSTM
from thalweg._src.keras.layers.recurrent.lstm_cell import LSTMCell as LSTMCell
from thalweg._src.keras.layers.recurrent.rnn import RNN as RNN
from thalweg._src.keras.layers.recurrent.simple_rnn import SimpleRNN as SimpleRNN
from thalweg._src.keras.layers.recurrent.simple_rnn_cell import SimpleRNNCell as SimpleRNNCell
from thalweg._src.keras.layers.recurrent.stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from thalweg._src.keras.layers.recurrent.time_distributed import TimeDistributed as TimeDistributed
from thalweg._src.keras.layers.regularization.activity_regularization import (
    ActivityRegularization as ActivityRegularization,
)
from thalweg._src.keras.layers.regularization.alpha_dropout import AlphaDropout as AlphaDropout
from thalweg._src.keras.layers.regularization.dropout import Dropout as Dropout
from thalweg._src.keras.layers.regularization.gaussian_dropout import (
    GaussianDropout as GaussianDropout,
)
from thalweg._src.keras.layers.regularization.gaussian_noise import GaussianNoise as GaussianNoise
from thalweg._src.keras.layers.regularization.spatial_dropout1d import (
    SpatialDropout1D as SpatialDropout1D,
)
from thalweg._src.keras.layers.regularization.spatial_dropout2d import (
    SpatialDropout2D as SpatialDropout2D,
)
from thalweg._src.keras.layers.regularization.spatial_dropout3d import (
    SpatialDropout3D as SpatialDropout3D,
)
from thalweg._src.keras.layers.reshaping.cropping1d import Cropping1D as Cropping1D
from thalweg._src.keras.layers.reshaping.cropping2d import Cropping2D as Cropping2D
from thalweg._src.keras.layers.reshaping.cropping3d import Cropping3D as Cropping3D
from thalweg._src.keras.layers.reshaping.flatten import Flatten as Flatten
from thalweg._src.keras.layers.reshaping.permute import Permute as Permute
from thalweg._src.keras.layers.reshaping.repeat_vector import RepeatVector as RepeatVector
from thalweg._src.keras.layers.reshaping.reshape import Reshape as Reshape
from thalweg._src.keras.layers.reshaping.up_sampling1d import UpSampling1D as UpSampling1D
from thalweg._src.keras.layers.reshaping.up_sampling2d import UpSampling2D as UpSampling2D
from thalweg._src.keras.layers.reshaping.up_sampling3d import UpSampling3D as UpSampling3D
from thalweg._src.keras.layers.reshaping.zero_padding1d import ZeroPadding1D as ZeroPadding1D
from thalweg._src.keras.layers.reshaping.zero_padding2d import ZeroPadding2D as ZeroPadding2D
from thalweg._src.keras.layers.reshaping.zero_padding3d import ZeroPadding3D as ZeroPadding3D

_know_other_names(__name__)
