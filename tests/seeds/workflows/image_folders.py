"""Folders of images: data sets, augmentation, a convnet, the features of a frozen one."""

from pathlib import Path

import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers
from thalweg.keras.utils import image_dataset_from_directory

rng = np.random.default_rng(8)
SIZE = (16, 16)

# Photographs, of sizes of their own: over fields stands a bright sky, through woods goes a bright path.
base = Path("photos")
for part, count in (("train", 24), ("test", 8)):
    for kind in ("field", "wood"):
        (base / part / kind).mkdir(parents=True)
        for number in range(count):
            height, width = rng.integers(20, 40, size=2)
            picture = rng.integers(80, 120, size=(height, width, 3)).astype("float32")
            if kind == "field":
                picture[: height // 2] = 200
            else:
                picture[:, width // 3 : width // 3 * 2] = 200
            ending, encode = ("jpg", tf.io.encode_jpeg) if number % 3 else ("png", tf.io.encode_png)
            path = base / part / kind / f"{kind}.{number}.{ending}"
            tf.io.write_file(str(path), encode(picture.astype("uint8")))
(base / "train" / "notes.txt").write_text("No photograph.")

# Data sets: a fifth of the training files is for validation.
train, validation = image_dataset_from_directory(
    base / "train", image_size=SIZE, batch_size=8, validation_split=0.25, subset="both", seed=1
)
test = image_dataset_from_directory(base / "test", image_size=SIZE, batch_size=8, shuffle=False)
print(train.class_names, len(train), len(validation), len(test))
for images, labels in train:
    print(images.shape, images.dtype, labels.shape, labels.dtype)
    break
# prints:
# Found 48 files belonging to 2 classes.
# Using 36 files for training.
# Using 12 files for validation.
# Found 16 files belonging to 2 classes.
# ['field', 'wood'] 5 2 2
# (8, 16, 16, 3) <dtype: 'float32'> (8,) <dtype: 'int32'>
assert not set(train.file_paths) & set(validation.file_paths)
assert images.numpy().min() >= 0
assert images.numpy().max() <= 255
true = np.concatenate([labels for _, labels in test], axis=0)
assert [Path(path).parent.name == "wood" for path in test.file_paths] == list(true == 1)

# One photograph in several variants.
augmentation = keras.Sequential(
    [layers.RandomFlip("horizontal"), layers.RandomRotation(0.02), layers.RandomZoom(0.1)]
)
for images, _ in train.take(1):
    variants = [augmentation(images, training=True)[0].numpy() for _ in range(3)]
assert not np.allclose(variants[0], variants[1])
np.testing.assert_array_equal(augmentation(images, training=False), images)

# A convnet; augmentation is a part of it.
inputs = keras.Input(shape=(*SIZE, 3))
x = layers.Rescaling(1.0 / 255)(inputs)
x = layers.Conv2D(filters=8, kernel_size=3, activation="relu")(x)
x = layers.MaxPooling2D(pool_size=2)(x)
x = layers.Conv2D(filters=8, kernel_size=3, activation="relu")(x)
eyes = keras.Model(inputs, x, name="eyes")
inputs = keras.Input(shape=(*SIZE, 3))
x = layers.Flatten()(eyes(augmentation(inputs)))
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
model.compile(
    loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.005), metrics=["accuracy"]
)
best = keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True, monitor="val_loss")
history = model.fit(train, epochs=12, validation_data=validation, callbacks=[best], verbose=0)
assert history.history["loss"][-1] < history.history["loss"][0]
best_model = keras.models.load_model("best.keras")
loss, accuracy = best_model.evaluate(test, verbose=0)
assert accuracy > 0.8, accuracy
said = best_model.predict(test, verbose=0)
print(said.shape, np.isclose(np.mean((said[:, 0] > 0.5) == true), accuracy))
# prints:
# (16, 1) True

# One file.
picture = tf.io.decode_image(tf.io.read_file(test.file_paths[-1]), channels=3)
print(best_model.predict(tf.image.resize(picture, SIZE)[None], verbose=0)[0, 0] > 0.5)
# prints:
# True


# Features: what the frozen part sees, once for each photograph, and a small model of them.
def features_and_labels(dataset):
    """What the frozen part sees, and the labels."""
    features, kinds = [], []
    for images, labels in dataset:
        features.append(eyes.predict(images, verbose=0))
        kinds.append(labels)
    return np.concatenate(features), np.concatenate(kinds)


eyes.trainable = False
features, kinds = features_and_labels(train)
print(features.shape, kinds.shape)
# prints:
# (36, 5, 5, 8) (36,)
inputs = keras.Input(shape=features.shape[1:])
outputs = layers.Dense(1, activation="sigmoid")(layers.Flatten()(inputs))
head = keras.Model(inputs, outputs)
head.compile(
    loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"]
)
head.fit(features, kinds, epochs=12, batch_size=8, verbose=0)
assert head.evaluate(*features_and_labels(test), verbose=0)[1] > 0.8

# The same from photographs that are augmented in the data set, in two classes.
pairs = image_dataset_from_directory(
    base / "train", image_size=SIZE, batch_size=12, seed=3, verbose=False,
    label_mode="categorical", crop_to_aspect_ratio=True,
)  # fmt: skip
pairs = pairs.map(lambda x, y: (augmentation(x, training=True), y), num_parallel_calls=2)
inputs = keras.Input(shape=(*SIZE, 3))
x = layers.GlobalMaxPooling2D()(eyes(inputs))
chosen = keras.Model(inputs, layers.Dense(2, activation="softmax")(x))
chosen.compile(loss="categorical_crossentropy", optimizer="rmsprop", metrics=["accuracy"])
before = [weight.numpy() for weight in eyes.weights]
chosen.fit(pairs.prefetch(2), epochs=2, verbose=0)
for weight, value in zip(eyes.weights, before, strict=True):
    np.testing.assert_array_equal(weight.numpy(), value)
print(len(chosen.trainable_weights), pairs.element_spec[1].shape, chosen.count_params())
# prints:
# 2 (None, 2) 826
