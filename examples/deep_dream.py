"""Deep dream: a network that reads digits looks at clouds, which are changed until it sees digits in them.

The gradient of what the network sees, with respect to the picture, tells how each pixel would please it more.
Following it at growing sizes of the picture draws large strokes first and small ones into them. The measure
is how clearly the network sees some digit, mean over all places; the baseline is that of the clouds.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS, STEPS = (128, 1, 2) if SMOKE else (6000, 4, 60)
SIZES = ((36, 72), (60, 120), (100, 200))


def load_digits(random):
    """Images (samples, 28, 28, 1) from 0 to 1 of digits in clouds of noise, and labels."""
    (digits, labels), _ = keras.datasets.mnist.load_data(sample=True)
    digits, labels = digits[:SAMPLES, ..., np.newaxis] / 255, labels[:SAMPLES]
    clouds = random.uniform(0, 0.7, (len(digits), 7, 7, 1)).astype("float32")
    clouds = tf.image.resize(clouds, (28, 28), method="bicubic").numpy()
    return np.clip(np.maximum(digits, clouds), 0, 1).astype("float32"), labels


def build_model():
    """Image of any size to ten probabilities: how strongly each digit is seen, where it is seen best."""
    image = keras.Input((None, None, 1))
    x = layers.GaussianNoise(0.1)(image)
    for width in (16, 32):
        x = layers.Conv2D(width, 5, activation="relu")(x)
        x = layers.AveragePooling2D(2)(x)
    seen = layers.Conv2D(10, 4, name="seen")(x)
    model = keras.Model(image, layers.Softmax()(layers.GlobalMaxPooling2D()(seen)))
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def pleasure(inside, picture):
    """Mean over the places of how much the best digit there stands out from the others."""
    seen = inside(picture)
    return tf.reduce_mean(tf.reduce_max(tf.nn.log_softmax(seen), axis=-1) + tf.reduce_max(seen, axis=-1) / 10)


@tf.function(reduce_retracing=True)
def ascend(inside, picture, rate):
    """The picture, a step further along the gradient."""
    with tf.GradientTape() as tape:
        tape.watch(picture)
        value = pleasure(inside, picture)
    slope = tape.gradient(value, picture)
    return tf.clip_by_value(picture + rate * slope / (tf.math.reduce_std(slope) + 1e-8), 0, 1)


def dream(inside, clouds, random):
    """The clouds as the network would have them."""
    picture = tf.image.resize(clouds, SIZES[0])
    for size in SIZES:
        picture = tf.image.resize(picture, size, method="bicubic")
        for _ in range(STEPS):
            # Shifted a little each time, no pixel lies on the same spot of the poolings' grid for long.
            row, column = random.integers(-4, 5, 2)
            picture = tf.roll(picture, (row, column), axis=(1, 2))
            picture = ascend(inside, picture, tf.constant(0.02))
            picture = tf.roll(picture, (-row, -column), axis=(1, 2))
        print(f"{size[0]} x {size[1]}: {float(pleasure(inside, picture)):.3f}")
    return picture


def draw(clouds, picture):
    """The clouds and the dream."""
    figure, axes = plt.subplots(2, 1, figsize=(8, 8.2), layout="constrained")
    for axis, values, title in zip(axes, (clouds, picture), ("clouds", "dream"), strict=True):
        axis.imshow(values[0, ..., 0], cmap="bone", interpolation="bicubic")
        axis.set_title(title)
        axis.axis("off")
    figure.savefig("deep_dream.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = load_digits(random)
model = build_model()
model.fit(x_train, y_train, batch_size=64, epochs=EPOCHS, verbose=2)

clouds = tf.zeros((1, *SIZES[-1], 1))
for detail in (1, 2, 4):
    spots = random.uniform(0, 0.6 / detail, (1, 4 * detail, 8 * detail, 1)).astype("float32")
    clouds += tf.image.resize(spots, SIZES[-1], method="bicubic")
clouds = tf.clip_by_value(clouds, 0, 1)
inside = keras.Model(model.inputs, model.get_layer("seen").output)
picture = dream(inside, clouds, random)
draw(clouds.numpy(), picture.numpy())
before, after = float(pleasure(inside, clouds)), float(pleasure(inside, picture))
print(f"result: clearness {after:.3f} > baseline {before:.3f}")
