"""Images: convolutional networks, reused features, masks, residual blocks."""

import matplotlib.pyplot as plt
import numpy as np

from thalweg import keras
from thalweg.keras import layers

rng = np.random.default_rng(2)
SIZE = 12

# Bright bars on dark ground: lying (0) or standing (1). The mask tells the bar from the ground.
kinds = rng.integers(0, 2, size=96)
places = rng.integers(2, SIZE - 2, size=96)
masks = np.zeros((96, SIZE, SIZE, 1), "uint8")
for mask, kind, place in zip(masks, kinds, places, strict=True):
    if kind:
        mask[2:-2, place] = 1
    else:
        mask[place, 2:-2] = 1
images = (40 * rng.random((96, SIZE, SIZE, 3)) + 180 * masks).astype("float32")
train, held_out = slice(0, 64), slice(64, 96)


def rows_of(model):
    """Name, class, shape and number of weights of each layer, as the summary tells."""
    text = []
    model.summary(print_fn=text.append)
    cells = [[c.strip() for c in line.split("│")] for line in "\n".join(text).splitlines()]
    return [row[1:4] for row in cells if len(row) > 4 and row[1]]


# A small convnet; its summary.
inputs = keras.Input(shape=(SIZE, SIZE, 3))
x = layers.Rescaling(1.0 / 255, name="scaled")(inputs)
x = layers.Conv2D(filters=4, kernel_size=3, activation="relu", name="edges")(x)
x = layers.MaxPooling2D(pool_size=2, name="half")(x)
x = layers.Conv2D(filters=8, kernel_size=3, activation="relu", name="parts")(x)
features = layers.Flatten(name="flat")(x)
outputs = layers.Dense(1, activation="sigmoid", name="kind")(features)
convnet = keras.Model(inputs=inputs, outputs=outputs)
print(*rows_of(convnet)[1:], sep="\n")
# prints:
# ['scaled (Rescaling)', '(None, 12, 12, 3)', '0']
# ['edges (Conv2D)', '(None, 10, 10, 4)', '112']
# ['half (MaxPooling2D)', '(None, 5, 5, 4)', '0']
# ['parts (Conv2D)', '(None, 3, 3, 8)', '296']
# ['flat (Flatten)', '(None, 72)', '0']
# ['kind (Dense)', '(None, 1)', '73']
convnet.compile(
    loss="binary_crossentropy", optimizer=keras.optimizers.RMSprop(0.005), metrics=["accuracy"]
)
history = convnet.fit(
    images[train], kinds[train], epochs=12, batch_size=16, verbose=0,
    validation_data=(images[held_out], kinds[held_out]),
)  # fmt: skip
assert history.history["loss"][-1] < history.history["loss"][0]
loss, accuracy = convnet.evaluate(images[held_out], kinds[held_out], verbose=0)
assert accuracy > 0.8
epochs = range(1, len(history.epoch) + 1)
plt.figure()
plt.plot(epochs, history.history["accuracy"], "bo", label="training")
plt.plot(epochs, history.history["val_accuracy"], "b", label="validation")
plt.legend()
plt.close("all")

# Borders and strides.
same = layers.Conv2D(2, 3, padding="same")(inputs)
strided = layers.Conv2D(2, 3, strides=2)(inputs)
pooled = layers.MaxPooling2D(2, padding="same")(layers.Conv2D(2, 4)(inputs))
print(same.shape, strided.shape, pooled.shape)
# prints:
# (None, 12, 12, 2) (None, 5, 5, 2) (None, 5, 5, 2)

# What its layers see.
seen = keras.Model(convnet.input, [layer.output for layer in convnet.layers[2:5]])
print([part.shape for part in seen.predict(images[:1], verbose=0)])
# prints:
# [(1, 10, 10, 4), (1, 5, 5, 4), (1, 3, 3, 8)]

# Its features serve another task: first as arrays, then frozen below a new head, then tuned a little.
base = keras.Model(convnet.input, convnet.get_layer("parts").output, name="base")
place = (places / SIZE).astype("float32")
extracted = base.predict(images, verbose=0)
head_inputs = keras.Input(shape=extracted.shape[1:])
head = keras.Model(head_inputs, layers.Dense(1)(layers.Dropout(0.1)(layers.Flatten()(head_inputs))))
head.compile("rmsprop", "mse")
losses = head.fit(extracted, place, epochs=3, verbose=0).history["loss"]
assert losses[-1] < losses[0]
print(len(base.trainable_weights))
base.trainable = False
print(len(base.trainable_weights))
# prints:
# 4
# 0
x = layers.Flatten()(base(inputs, training=False))
tuned = keras.Model(inputs, layers.Dense(1)(layers.Dense(4)(x)))
tuned.compile(optimizer="rmsprop", loss="mse")
before = base.get_weights()
tuned.fit(images, place, epochs=1, verbose=0)
assert all((a == b).all() for a, b in zip(before, base.get_weights(), strict=True))
base.trainable = True
for layer in base.layers[:-1]:
    layer.trainable = False
print([layer.name for layer in base.layers if layer.trainable], len(tuned.trainable_weights))
# prints:
# ['parts'] 6
tuned.compile(optimizer=keras.optimizers.RMSprop(learning_rate=1e-4), loss="mse")
tuned.fit(images, place, epochs=1, verbose=0)
assert [bool((a == b).all()) for a, b in zip(before, base.get_weights(), strict=True)] == [
    True,
    True,
    False,
    False,
]

# A class for each point: down with strides, up with transposed convolutions.
inputs = keras.Input(shape=(SIZE, SIZE, 3))
x = layers.Rescaling(1.0 / 255)(inputs)
x = layers.Conv2D(4, 3, strides=2, activation="relu", padding="same")(x)
x = layers.Conv2D(8, 3, activation="relu", padding="same")(x)
x = layers.Conv2DTranspose(8, 3, activation="relu", padding="same")(x)
x = layers.Conv2DTranspose(4, 3, strides=2, activation="relu", padding="same")(x)
segments = keras.Model(inputs, layers.Conv2D(2, 3, activation="softmax", padding="same")(x))
segments.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="sparse_categorical_crossentropy")
losses = segments.fit(images, masks, epochs=6, batch_size=16, verbose=0).history["loss"]
assert losses[-1] < losses[0] / 2
drawn = segments.predict(np.expand_dims(images[0], 0), verbose=0)[0]
print(drawn.shape, np.argmax(drawn, axis=-1).shape)
# prints:
# (12, 12, 2) (12, 12)
assert (np.argmax(drawn, axis=-1) == masks[0, ..., 0]).mean() > 0.9


# Residual blocks: what goes around is added to what goes through.
def block(x, filters, pooling=False):
    around = x
    x = layers.Conv2D(filters, 3, use_bias=False, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
    if pooling:
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        around = layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(around)
    elif filters != around.shape[-1]:
        around = layers.Conv2D(filters, 1)(around)
    return layers.add([x, around])


inputs = keras.Input(shape=(SIZE, SIZE, 3))
x = block(layers.Rescaling(1.0 / 255)(inputs), 4, pooling=True)
x = block(x, 6)
x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
residual = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
norm = next(layer for layer in residual.layers if isinstance(layer, layers.BatchNormalization))
print([weight.name for weight in norm.weights], len(norm.trainable_weights))
print([row[1] for row in rows_of(residual) if "Add" in row[0]])
# prints:
# ['gamma', 'beta', 'moving_mean', 'moving_variance'] 2
# ['(None, 6, 6, 4)', '(None, 6, 6, 6)']
residual.compile(
    loss="binary_crossentropy", optimizer=keras.optimizers.RMSprop(0.01), metrics=["accuracy"]
)
history = residual.fit(images, kinds, epochs=4, batch_size=16, verbose=0).history
assert history["loss"][-1] < history["loss"][0]
assert np.abs(norm.moving_mean).max() > 0
