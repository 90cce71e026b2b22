"""Style transfer: digits, painted in the manner of textures.

A small network learns to name textures. Which of its channels are active together (their Gram matrix) tells a
picture's style, and which are active where tells its content. A picture is changed until its style is the
texture's and its content still that of the digits. The measure is the distance to the style, relative to that
of the plain digits, which are the baseline.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, EPOCHS, STEPS = (64, 1, 3) if SMOKE else (1500, 8, 200)
SIZE, PATCH = 112, 32
KINDS = ["stripes", "waves", "dots", "checks", "rings"]
STYLE_LAYERS, CONTENT_LAYER = ("convolution_1", "convolution_2", "convolution_3"), "convolution_2"


def make_texture(kind, size, random):
    """A texture (size, size, 3) from 0 to 1 of two colors, at a random scale and turn."""
    row, column = np.mgrid[:size, :size] * 2 * np.pi / random.uniform(7, 12)
    turn = random.uniform(0, np.pi)
    y, x = row * np.cos(turn) - column * np.sin(turn), row * np.sin(turn) + column * np.cos(turn)
    height = {
        "stripes": np.sin(x),
        "waves": np.sin(x + 1.5 * np.sin(y / 2)),
        "dots": np.sin(x) + np.sin(y) - 0.7,
        "checks": np.sin(x) * np.sin(y) * 3,
        "rings": np.sin(2 * np.hypot(x % 14 - 7, y % 14 - 7)),
    }[kind]
    share = 1 / (1 + np.exp(-4 * height))[..., np.newaxis]
    colors = random.uniform(0, 0.5, 3), random.uniform(0.5, 1, 3)
    return (share * colors[0] + (1 - share) * colors[1]).astype("float32")


def build_model():
    """Texture of any size to the probability of each kind."""
    image = keras.Input((None, None, 3))
    x = layers.Rescaling(4, offset=-2)(image)
    for number, width in enumerate((16, 32, 48), 1):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"convolution_{number}")(x)
        x = layers.AveragePooling2D(2)(x)
    x = layers.Dense(len(KINDS), activation="softmax")(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(image, x)
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def gram(channels):
    """How strongly each two channels are active together, mean over the places."""
    places = tf.cast(tf.shape(channels)[1] * tf.shape(channels)[2], channels.dtype)
    return tf.einsum("bhwi,bhwj->bij", channels, channels) / places


def style_distance(found, wanted):
    """Distance of Gram matrices for each picture, relative to the wanted ones, mean over the layers."""
    relative = [
        tf.reduce_sum((f - w) ** 2, axis=(1, 2)) / tf.reduce_sum(w**2, axis=(1, 2))
        for f, w in zip(found, wanted, strict=True)
    ]
    return tf.add_n(relative) / len(relative)


@tf.function
def paint(inside, optimizer, picture, styles, content):
    """One step: changes the picture, and returns its distance to the styles before."""
    with tf.GradientTape() as tape:
        *channels, seen = inside(picture)
        distance = style_distance([gram(c) for c in channels], styles)
        change = tf.reduce_mean((seen - content) ** 2, axis=(1, 2, 3)) / tf.reduce_mean(content**2)
        rough = tf.image.total_variation(picture) / SIZE**2
        loss = tf.reduce_sum(distance + 0.05 * change + 0.01 * rough)
    optimizer.apply_gradients([(tape.gradient(loss, picture), picture)])
    picture.assign(tf.clip_by_value(picture, 0, 1))
    return distance


def draw(content, styles, pictures):
    """The content, each style, and below it the content in that style."""
    figure, axes = plt.subplots(2, len(styles) + 1, figsize=(8, 4.1), layout="constrained")
    axes[0, 0].imshow(content)
    for column, (style, picture) in enumerate(zip(styles, pictures, strict=True), 1):
        axes[0, column].imshow(style)
        axes[1, column].imshow(picture)
    for axis in axes.flat:
        axis.axis("off")
    figure.savefig("style_transfer.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(3)
labels = random.integers(len(KINDS), size=SAMPLES)
model = build_model()
model.fit(np.stack([make_texture(KINDS[n], PATCH, random) for n in labels]), labels, epochs=EPOCHS, verbose=2)

(digits, numbers), _ = keras.datasets.mnist.load_data(sample=True)
digits = [digits[numbers == n][0] for n in (2, 0, 4, 8)]
content = np.concatenate([np.concatenate(digits[:2], 1), np.concatenate(digits[2:], 1)])
content = tf.image.resize(np.repeat(content[..., np.newaxis], 3, axis=-1), (SIZE, SIZE)) / 255
styles = np.stack([make_texture(kind, SIZE, random) for kind in ("waves", "dots", "stripes")])

model.trainable = False
names = [*STYLE_LAYERS, CONTENT_LAYER]
inside = keras.Model(model.inputs, [model.get_layer(name).output for name in names])
wanted = [gram(channels) for channels in inside(styles)[:-1]]
plain = tf.repeat(content[tf.newaxis], len(styles), axis=0)
*channels, seen = inside(plain)
before = style_distance([gram(c) for c in channels], wanted)
# Noise gives the textures something to grow from: an even ground has no slope to follow.
picture = tf.Variable(0.4 * plain + tf.random.uniform(plain.shape, 0, 0.6, seed=0))
optimizer = keras.optimizers.Adam(0.03)
distances = [paint(inside, optimizer, picture, wanted, seen).numpy() for _ in range(STEPS)]
draw(content.numpy(), styles, picture.numpy())
for step in range(0, STEPS, 50):
    print(f"step {step}: distances to the styles {np.round(distances[step], 4)}")
print(f"result: distance to the style {np.mean(distances[-1] / before):.5f} < baseline 1.00000")
