"""Networks that made history, with fresh weights, your own, or those published after training on ImageNet.

``weights="imagenet"`` takes the file that Keras publishes from `~/.keras/models` (`$KERAS_HOME/models` when
that is set); a file that is not there yet is downloaded and its digest checked.
"""

from thalweg._src.keras.applications.convnext import ConvNeXtBase as ConvNeXtBase
from thalweg._src.keras.applications.convnext import ConvNeXtLarge as ConvNeXtLarge
from thalweg._src.keras.applications.convnext import ConvNeXtSmall as ConvNeXtSmall
from thalweg._src.keras.applications.convnext import ConvNeXtTiny as ConvNeXtTiny
from thalweg._src.keras.applications.convnext import ConvNeXtXLarge as ConvNeXtXLarge
from thalweg._src.keras.applications.densenet import DenseNet121 as DenseNet121
from thalweg._src.keras.applications.densenet import DenseNet169 as DenseNet169
from thalweg._src.keras.applications.densenet import DenseNet201 as DenseNet201
from thalweg._src.keras.applications.efficientnet import EfficientNetB0 as EfficientNetB0
from thalweg._src.keras.applications.efficientnet import EfficientNetB1 as EfficientNetB1
from thalweg._src.keras.applications.efficientnet import EfficientNetB2 as EfficientNetB2
from thalweg._src.keras.applications.efficientnet import EfficientNetB3 as EfficientNetB3
from thalweg._src.keras.applications.efficientnet import EfficientNetB4 as EfficientNetB4
from thalweg._src.keras.applications.efficientnet import EfficientNetB5 as EfficientNetB5
from thalweg._src.keras.applications.efficientnet import EfficientNetB6 as EfficientNetB6
from thalweg._src.keras.applications.efficientnet import EfficientNetB7 as EfficientNetB7
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B0 as EfficientNetV2B0
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B1 as EfficientNetV2B1
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B2 as EfficientNetV2B2
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2B3 as EfficientNetV2B3
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2L as EfficientNetV2L
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2M as EfficientNetV2M
from thalweg._src.keras.applications.efficientnet_v2 import EfficientNetV2S as EfficientNetV2S
from thalweg._src.keras.applications.inception_resnet_v2 import (
    InceptionResNetV2 as InceptionResNetV2,
)
from thalweg._src.keras.applications.inception_v3 import InceptionV3 as InceptionV3
from thalweg._src.keras.applications.mobilenet import MobileNet as MobileNet
from thalweg._src.keras.applications.mobilenet_v2 import MobileNetV2 as MobileNetV2
from thalweg._src.keras.applications.mobilenet_v3 import MobileNetV3Large as MobileNetV3Large
from thalweg._src.keras.applications.mobilenet_v3 import MobileNetV3Small as MobileNetV3Small
from thalweg._src.keras.applications.nasnet import NASNetLarge as NASNetLarge
from thalweg._src.keras.applications.nasnet import NASNetMobile as NASNetMobile
from thalweg._src.keras.applications.resnet import ResNet50 as ResNet50
from thalweg._src.keras.applications.resnet import ResNet101 as ResNet101
from thalweg._src.keras.applications.resnet import ResNet152 as ResNet152
from thalweg._src.keras.applications.resnet_v2 import ResNet50V2 as ResNet50V2
from thalweg._src.keras.applications.resnet_v2 import ResNet101V2 as ResNet101V2
from thalweg._src.keras.applications.resnet_v2 import ResNet152V2 as ResNet152V2
from thalweg._src.keras.applications.vgg import VGG16 as VGG16
from thalweg._src.keras.applications.vgg import VGG19 as VGG19
from thalweg._src.keras.applications.xception import Xception as Xception
from thalweg.keras.applications import convnext as convnext
from thalweg.keras.applications import densenet as densenet
from thalweg.keras.applications import efficientnet as efficientnet
from thalweg.keras.applications import efficientnet_v2 as efficientnet_v2
from thalweg.keras.applications import imagenet_utils as imagenet_utils
from thalweg.keras.applications import inception_resnet_v2 as inception_resnet_v2
from thalweg.keras.applications import inception_v3 as inception_v3
from thalweg.keras.applications import mobilenet as mobilenet
from thalweg.keras.applications import mobilenet_v2 as mobilenet_v2
from thalweg.keras.applications import mobilenet_v3 as mobilenet_v3
from thalweg.keras.applications import nasnet as nasnet
from thalweg.keras.applications import resnet as resnet
from thalweg.keras.applications import resnet50 as resnet50
from thalweg.keras.applications import resnet_v2 as resnet_v2
from thalweg.keras.applications import vgg16 as vgg16
from thalweg.keras.applications import vgg19 as vgg19
from thalweg.keras.applications import xception as xception
