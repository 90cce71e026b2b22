"""Messages of training examples: tf.train.Example and what it is made of."""

from __future__ import annotations

from thalweg._src.ops.io.message import BYTE_STRING, FLOAT, INT64, Field, Message


class BytesList(Message):
    """List of byte strings.

    Args:
        value: List of `bytes`.

    Source: `tf.train.BytesList`; ``feature.proto``.
    """

    FIELDS = (Field("value", 1, BYTE_STRING),)
    __slots__ = ()


class FloatList(Message):
    """List of numbers in single precision.

    Args:
        value: List of numbers.

    Source: `tf.train.FloatList`; ``feature.proto``.
    """

    FIELDS = (Field("value", 1, FLOAT),)
    __slots__ = ()


class Int64List(Message):
    """List of integers of 64 bits.

    Args:
        value: List of integers.

    Source: `tf.train.Int64List`; ``feature.proto``.
    """

    FIELDS = (Field("value", 1, INT64),)
    __slots__ = ()


class Feature(Message):
    """One feature: a list of one kind; setting one kind empties the others.

    Args:
        bytes_list: `BytesList`.
        float_list: `FloatList`.
        int64_list: `Int64List`.

    Source: `tf.train.Feature`; ``feature.proto``.
    """

    FIELDS = (
        Field("bytes_list", 1, BytesList, "one", "kind"),
        Field("float_list", 2, FloatList, "one", "kind"),
        Field("int64_list", 3, Int64List, "one", "kind"),
    )
    __slots__ = ()


class Features(Message):
    """Features by name.

    Args:
        feature: Dict of names to `Feature`.

    Source: `tf.train.Features`; ``feature.proto``.
    """

    FIELDS = (Field("feature", 1, Feature, "map"),)
    __slots__ = ()


class FeatureList(Message):
    """Features of the steps of a sequence.

    Args:
        feature: List of `Feature`.

    Source: `tf.train.FeatureList`; ``feature.proto``.
    """

    FIELDS = (Field("feature", 1, Feature),)
    __slots__ = ()


class FeatureLists(Message):
    """Sequences by name.

    Args:
        feature_list: Dict of names to `FeatureList`.

    Source: `tf.train.FeatureLists`; ``feature.proto``.
    """

    FIELDS = (Field("feature_list", 1, FeatureList, "map"),)
    __slots__ = ()


class Example(Message):
    """An example: features by name, as records of training data hold them.

    Args:
        features: `Features`.

    Example:
        >>> import thalweg as tf
        >>> label = tf.train.Feature(int64_list=tf.train.Int64List(value=[3]))
        >>> example = tf.train.Example(features=tf.train.Features(feature={"label": label}))
        >>> record = example.SerializeToString()
        >>> tf.train.Example.FromString(record).features.feature["label"].int64_list.value
        [3]

    Source: `tf.train.Example`; ``example.proto``.
    """

    FIELDS = (Field("features", 1, Features, "one"),)
    __slots__ = ()


class SequenceExample(Message):
    """An example with sequences: features of the whole, and features of each step.

    Args:
        context: `Features` of the whole.
        feature_lists: `FeatureLists`.

    Source: `tf.train.SequenceExample`; ``example.proto``.
    """

    FIELDS = (
        Field("context", 1, Features, "one"),
        Field("feature_lists", 2, FeatureLists, "one"),
    )
    __slots__ = ()
