"""Images from a folder, and more of them: turned, shifted and stretched copies make a few samples go far.

The program writes digits to disk as PNG files, a folder for each class, and reads them back as a dataset. In
each epoch the augmentation layers change each image anew, only while training. The baseline is the same
network without them.
"""

import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
TRAIN, TEST, EPOCHS = (4, 4, 1) if SMOKE else (20, 60, 60)


def write_images(folder, images, labels, count):
    """Writes the first images of each digit to `folder/digit/number.png`."""
    for digit in range(10):
        (folder / str(digit)).mkdir(parents=True)
        for number, image in enumerate(images[labels == digit][:count]):
            path = folder / str(digit) / f"{number:03}.png"
            keras.utils.save_img(path, image[..., np.newaxis], scale=False)


def read_images(folder, shuffle):
    """Batches of images (batch, 28, 28, 1) from 0 to 1, and labels."""
    dataset = keras.utils.image_dataset_from_directory(
        folder, color_mode="grayscale", image_size=(28, 28), batch_size=None, shuffle=False
    )
    print("classes:", dataset.class_names)
    dataset = dataset.map(lambda image, label: (image / 255, label)).cache()
    if shuffle:
        dataset = dataset.shuffle(1000, seed=0)
    return dataset.batch(20).prefetch(tf.data.AUTOTUNE)


def build_augmentation():
    """Images to images that might as well have been written."""
    return keras.Sequential(
        [
            layers.RandomRotation(0.05, fill_mode="constant"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
            layers.RandomZoom(0.15, 0.15, fill_mode="constant"),
        ],
        name="augmentation",
    )


def build_model(augment):
    """Image to ten probabilities."""
    model = keras.Sequential([keras.Input((28, 28, 1))])
    if augment:
        model.add(build_augmentation())
    for width in (24, 48):
        model.add(layers.Conv2D(width, 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def draw(images, accuracies):
    """Some images, six copies of each, and how well the two networks do."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained", width_ratios=(1.2, 1))
    augmentation = build_augmentation()
    columns = [images] + [augmentation(images, training=True) for _ in range(6)]
    rows = np.concatenate([np.concatenate(list(column), axis=0) for column in columns], axis=1)
    left.imshow(rows[..., 0], cmap="gray_r")
    left.axvline(27.5, color="tab:blue")
    left.set(xticks=[], yticks=[], title="images from the folder, and copies")
    for name, accuracy in accuracies.items():
        right.plot(accuracy, label=name)
    right.set(xlabel="epoch", ylabel="test accuracy")
    right.legend()
    figure.savefig("digits_augmentation.png", dpi=100)


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data(sample=True)
    write_images(folder / "train", x_train, y_train, TRAIN)
    write_images(folder / "test", x_test, y_test, TEST)
    train, test = read_images(folder / "train", shuffle=True), read_images(folder / "test", shuffle=False)
    accuracies = {}
    for kind, augment in (("as they are", False), ("augmented", True)):
        keras.utils.set_random_seed(0)
        history = build_model(augment).fit(train, epochs=EPOCHS, verbose=0, validation_data=test)
        accuracies[kind] = history.history["val_accuracy"]
        print(f"{kind}: test accuracy {accuracies[kind][-1]:.3f}")
    images, _ = next(iter(train))
draw(images[:5], accuracies)
plain, augmented = (accuracy[-1] for accuracy in accuracies.values())
print(f"result: test accuracy with augmentation {augmented:.3f} > baseline {plain:.3f}")
