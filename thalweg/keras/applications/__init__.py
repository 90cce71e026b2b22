"""Networks that made history, with fresh weights, your own, or those published after training on ImageNet.

``weights="imagenet"`` takes the file that Keras publishes from `~/.keras/models` (`$KERAS_HOME/models` when
that is set); a file that is not there yet is downloaded and its digest checked.
"""

from thalweg._src.keras.applications.densenet import DenseNet121 as DenseNet121
from thalweg._src.keras.applications.densenet import DenseNet169 as DenseNet169
from thalweg._src.keras.applications.densenet import DenseNet201 as DenseNet201
from thalweg._src.keras.applications.mobilenet import MobileNet as MobileNet
from thalweg._src.keras.applications.mobilenet_v2 import MobileNetV2 as MobileNetV2
from thalweg._src.keras.applications.mobilenet_v3 import MobileNetV3Large as MobileNetV3Large
from thalweg._src.keras.applications.mobilenet_v3 import MobileNetV3Small as MobileNetV3Small
from thalweg._src.keras.applications.resnet import ResNet50 as ResNet50
from thalweg._src.keras.applications.resnet import ResNet101 as ResNet101
from thalweg._src.keras.applications.resnet import ResNet152 as ResNet152
from thalweg._src.keras.applications.resnet_v2 import ResNet50V2 as ResNet50V2
from thalweg._src.keras.applications.resnet_v2 import ResNet101V2 as ResNet101V2
from thalweg._src.keras.applications.resnet_v2 import ResNet152V2 as ResNet152V2
from thalweg._src.keras.applications.vgg import VGG16 as VGG16
from thalweg._src.keras.applications.vgg import VGG19 as VGG19
from thalweg._src.keras.applications.xception import Xception as Xception
from thalweg.keras.applications import densenet as densenet
from thalweg.keras.applications import imagenet_utils as imagenet_utils
from thalweg.keras.applications import mobilenet as mobilenet
from thalweg.keras.applications import mobilenet_v2 as mobilenet_v2
from thalweg.keras.applications import mobilenet_v3 as mobilenet_v3
from thalweg.keras.applications import resnet as resnet
from thalweg.keras.applications import resnet50 as resnet50
from thalweg.keras.applications import resnet_v2 as resnet_v2
from thalweg.keras.applications import vgg16 as vgg16
from thalweg.keras.applications import vgg19 as vgg19
from thalweg.keras.applications import xception as xception
