"""Reading notes on the book, "The mathematical building blocks of neural networks"."""

import math

import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers, optimizers
from thalweg.keras.datasets import mnist

(train_images, train_labels), (test_images, test_labels) = mnist.load_data(sample=True)
my_slice = train_images[10:100]
my_slice = train_images[10:100, :, :]
my_slice = train_images[10:100, 0:28, 0:28]
my_slice = train_images[:, 14:, 14:]
my_slice = train_images[:, 7:-7, 7:-7]

model = keras.Sequential([
    layers.Dense(512, activation="relu"),
    layers.Dense(10, activation="softmax")
])
model.compile(optimizer="rmsprop",
              loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
train_images = train_images.reshape((len(train_images), 28 * 28))
train_images = train_images.astype("float32") / 255
test_images = test_images.reshape((len(test_images), 28 * 28))
test_images = test_images.astype("float32") / 255
model.fit(train_images, train_labels, epochs=5, batch_size=128, verbose=0)
test_loss, test_acc = model.evaluate(test_images, test_labels, verbose=0)
assert test_acc > 0.92
test_digits = test_images[0:10]
predictions = model.predict(test_digits, verbose=0)
assert predictions[0].argmax() == test_labels[0]

x = tf.Variable(0.)
with tf.GradientTape() as tape:
    y = 2 * x + 3
# Use the tape to retrieve the gradient of the output y with respect to our variable x
grad_of_y_wrt_x = tape.gradient(y, x)
print(grad_of_y_wrt_x)
# prints:
# tf.Tensor(2.0, shape=(), dtype=float32)
x = tf.Variable(tf.random.uniform((2, 2)))
with tf.GradientTape() as tape:
    y = 2 * x + 3
grad_of_y_wrt_x = tape.gradient(y, x)
print(grad_of_y_wrt_x)
# prints:
# tf.Tensor(
# [[2. 2.]
#  [2. 2.]], shape=(2, 2), dtype=float32)
W = tf.Variable(tf.random.uniform((2, 2)))
b = tf.Variable(tf.zeros((2,)))
x = tf.random.uniform((2, 2))
with tf.GradientTape() as tape:
    y = tf.matmul(x, W) + b
grad_of_y_wrt_W_and_b = tape.gradient(y, [W, b])
print(grad_of_y_wrt_W_and_b)
# prints:
# [<tf.Tensor: shape=(2, 2), dtype=float32, numpy=
# array([[¤, ¤],
#        [¤, ¤]], dtype=float32)>, <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 2.], dtype=float32)>]


class NaiveDense:
    def __init__(self, input_size, output_size, activation):
        self.activation = activation

        w_shape = (input_size, output_size)
        w_initial_value = tf.random.uniform(w_shape, minval=0, maxval=1e-1)
        self.W = tf.Variable(w_initial_value)

        b_shape = (output_size,)
        b_initial_value = tf.zeros(b_shape)
        self.b = tf.Variable(b_initial_value)

    def __call__(self, inputs):
        # Apply the forward pass
        return self.activation(tf.matmul(inputs, self.W) + self.b)

    # Convenience method for retrieving the layer's weights.
    @property
    def weights(self):
        return [self.W, self.b]


class NaiveSequential:
    def __init__(self, layers):
        self.layers = layers

    def __call__(self, inputs):
        x = inputs
        for layer in self.layers:
            x = layer(x)
        return x

    @property
    def weights(self):
        weights = []
        for layer in self.layers:
            weights += layer.weights
        return weights


model = NaiveSequential([
    NaiveDense(input_size=28 * 28, output_size=512, activation=tf.nn.relu),
    NaiveDense(input_size=512, output_size=10, activation=tf.nn.softmax)
])
assert len(model.weights) == 4


class BatchGenerator:
    def __init__(self, images, labels, batch_size=128):
        assert len(images) == len(labels)
        self.index = 0
        self.images = images
        self.labels = labels
        self.batch_size = batch_size
        self.num_batches = math.ceil(len(images) / batch_size)

    def next(self):
        images = self.images[self.index: self.index + self.batch_size]
        labels = self.labels[self.index: self.index + self.batch_size]
        self.index += self.batch_size
        return images, labels


def one_training_step(model, images_batch, labels_batch):
    with tf.GradientTape() as tape:
        # Run the "forward pass"
        predictions = model(images_batch)
        per_sample_losses = tf.keras.losses.sparse_categorical_crossentropy(
            labels_batch, predictions)
        average_loss = tf.reduce_mean(per_sample_losses)
    # Compute the gradient of the loss with regard to the weights
    gradients = tape.gradient(average_loss, model.weights)
    # Update the weights using the gradients
    update_weights(gradients, model.weights)
    return average_loss


learning_rate = 1e-3


def update_weights(gradients, weights):
    for g, w in zip(gradients, weights):
        w.assign_sub(g * learning_rate)


first_loss = one_training_step(model, train_images[:128], train_labels[:128])
optimizer = optimizers.SGD(learning_rate=1e-3)


def update_weights(gradients, weights):
    optimizer.apply_gradients(zip(gradients, weights))


def fit(model, images, labels, epochs, batch_size=128):
    for epoch_counter in range(epochs):
        print(f"Epoch {epoch_counter}")
        batch_generator = BatchGenerator(images, labels)
        for batch_counter in range(batch_generator.num_batches):
            images_batch, labels_batch = batch_generator.next()
            loss = one_training_step(model, images_batch, labels_batch)
            if batch_counter % 100 == 0:
                print(f"loss at batch {batch_counter}: {loss:.2f}")


fit(model, train_images, train_labels, epochs=2, batch_size=128)
# prints:
# Epoch 0
# loss at batch 0: ¤
# Epoch 1
# loss at batch 0: ¤
predictions = model(test_images)
predictions = predictions.numpy()
predicted_labels = np.argmax(predictions, axis=1)
matches = predicted_labels == test_labels
print(f"accuracy: {matches.mean():.2f}")
# prints:
# accuracy: ¤
assert one_training_step(model, train_images[:128], train_labels[:128]) < first_loss
