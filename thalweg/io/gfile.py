"""tf.io.gfile: files and folders of this machine."""

from thalweg._src.ops.io.gfile import copy as copy
from thalweg._src.ops.io.gfile import exists as exists
from thalweg._src.ops.io.gfile import get_registered_schemes as get_registered_schemes
from thalweg._src.ops.io.gfile import glob as glob
from thalweg._src.ops.io.gfile import isdir as isdir
from thalweg._src.ops.io.gfile import join as join
from thalweg._src.ops.io.gfile import listdir as listdir
from thalweg._src.ops.io.gfile import makedirs as makedirs
from thalweg._src.ops.io.gfile import mkdir as mkdir
from thalweg._src.ops.io.gfile import remove as remove
from thalweg._src.ops.io.gfile import rename as rename
from thalweg._src.ops.io.gfile import rmtree as rmtree
from thalweg._src.ops.io.gfile import stat as stat
from thalweg._src.ops.io.gfile import walk as walk
from thalweg._src.ops.io.open_file import GFile as GFile
