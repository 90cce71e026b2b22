"""The article "Chapter 3: Introduction to Keras and TensorFlow" (fars.io)."""

from io import BytesIO

import matplotlib.pyplot as plt
import numpy as np

import thalweg as tf
from thalweg import keras

# Equivalent to np.ones((2, 2))
t_ones = tf.ones(shape=(2, 2))
t_zeros = tf.zeros(shape=(2, 1))
t_random_normal = tf.random.normal(shape=(3, 1), mean=0., stddev=1.)
t_random_uniform = tf.random.uniform(shape=(1, 3), minval=0., maxval=1.)

print(t_ones)
# prints:
# tf.Tensor(
# [[1. 1.]
#  [1. 1.]], shape=(2, 2), dtype=float32)
print(t_zeros)
# prints:
# tf.Tensor(
# [[0.]
#  [0.]], shape=(2, 1), dtype=float32)
print(t_random_normal)
# prints:
# tf.Tensor(
# [[¤]
#  [¤]
#  [¤]], shape=(3, 1), dtype=float32)
print(t_random_uniform)
# prints:
# tf.Tensor([[¤ ¤ ¤]], shape=(1, 3), dtype=float32)

try:
    t_ones[0, 0] = 0
except TypeError as error:
    print(str(error)[:50])
# prints:
# 'Tensor' object does not support item assignment: 

try:
    tf.random.uniform(shape=(1, 3), minval=0., maxvval=1.)
except TypeError:
    print("maxvval is refused")
# prints:
# maxvval is refused

v = tf.Variable(initial_value=tf.random.normal(shape=(3, 1)))
print(v)
# prints:
# <tf.Variable 'Variable:0' shape=(3, 1) dtype=float32, numpy=
# array([[¤],
#        [¤],
#        [¤]], dtype=float32)>
print(repr(v.assign(tf.ones((3, 1)))))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[1.],
#        [1.],
#        [1.]], dtype=float32)>
print(repr(v[0, 0].assign(9)))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[9.],
#        [1.],
#        [1.]], dtype=float32)>
print(repr(v.assign_add(tf.ones((3, 1)))))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[10.],
#        [ 2.],
#        [ 2.]], dtype=float32)>
print(repr(v.assign_sub(tf.ones((3, 1)))))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[9.],
#        [1.],
#        [1.]], dtype=float32)>

input = tf.Variable(initial_value=3.)
with tf.GradientTape() as tape:
    output = input * input
gradient = tape.gradient(output, input)
print(repr(gradient))
# prints:
# <tf.Tensor: shape=(), dtype=float32, numpy=6.0>

arbitrary_tensor = tf.constant(value=2.)
with tf.GradientTape() as tape:
    tape.watch(arbitrary_tensor)
    output = arbitrary_tensor * arbitrary_tensor
gradient = tape.gradient(output, arbitrary_tensor)
print(gradient)
# prints:
# tf.Tensor(4.0, shape=(), dtype=float32)

time = tf.Variable(initial_value=0.)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        position = 4.9 * time ** 2
    speed = inner_tape.gradient(position, time)
acceleration = outer_tape.gradient(speed, time)
print(repr(acceleration))
# prints:
# <tf.Tensor: shape=(), dtype=float32, numpy=9.8>

num_samples_per_class = 500
class_a_samples = np.random.multivariate_normal(
    mean=[0, 3],
    cov=[[1, 0], [0, 1]],
    size=num_samples_per_class)
class_b_samples = np.random.multivariate_normal(
    mean=[3, 0],
    cov=[[1, 0], [0, 1]],
    size=num_samples_per_class)

# The first 500 samples are from class A, the next 500 samples are from class B
inputs = np.vstack((class_a_samples, class_b_samples)).astype(np.float32)
# The first 500 labels are 0 (class A), and the next 500 are 1 (class B)
labels = np.vstack(
    (
        np.zeros((num_samples_per_class, 1), dtype=np.float32),
        np.ones((num_samples_per_class, 1), dtype=np.float32),
    )
)
class_a = inputs[:num_samples_per_class]
class_b = inputs[num_samples_per_class:]
plt.scatter(
    class_a[:, 0],
    class_a[:, 1],
    c="green",
    alpha=0.50,
    s=100,
    label="Class A",
    edgecolors="none",
)
plt.legend()
plt.savefig("linear_classifier_data.png", transparent=False)
plt.show()

input_dim = 2   # input is a 2D vector
output_dim = 1  # output is a scalar, class B < 0.5 < class A
W = tf.Variable(initial_value=tf.random.uniform(shape=(input_dim, output_dim)))
b = tf.Variable(initial_value=tf.zeros(shape=(output_dim,)))


def model(inputs) -> tf.Tensor:
    return tf.matmul(inputs, W) + b


def square_loss(predictions, targets) -> tf.Tensor:
    # Calculate the loss per sample, results in tensor of shape (len(targets), 1)
    per_sample_loss = tf.square(targets - predictions)
    # Average the per-sample loss and return a single scalar loss value
    return tf.reduce_mean(per_sample_loss)


def training_step(inputs, targets, learning_rate: float = 0.001) -> tf.Tensor:
    with tf.GradientTape() as tape:
        predictions = model(inputs)
        loss = square_loss(predictions, targets)
    # Calculate the gradients of the loss with respect to the variables
    grad_loss_wrt_W, grad_loss_wrt_b = tape.gradient(loss, [W, b])
    # Update the variables using the gradients and the learning rate
    W.assign_sub(learning_rate * grad_loss_wrt_W)
    b.assign_sub(learning_rate * grad_loss_wrt_b)
    return loss


num_epochs = 50
# Save the loss scores so we can plot them later
loss_all = []
# Save all predictions so we can calculate and plot the accuracy later
predictions_all = []
parameters_all = []

for step in range(num_epochs):
    step_loss = training_step(inputs=inputs, targets=labels)
    if step == 0:
        print(f"Step {step} loss: {step_loss}")
    loss_all.append(step_loss)
    predictions_all.append(model(inputs))
    parameters_all.append((W.numpy(), b.numpy()))
# prints:
# Step 0 loss: ¤
assert loss_all[-1] < loss_all[0]

plt.plot(loss_all[1:41])
plt.xlabel("Epoch")
plt.ylabel("Loss")
plt.close()


def plot_prediction_acc(
    prediction: np.ndarray,
    inputs: np.ndarray,
    buffer=None,
    parameters: tuple[np.ndarray, float] | None = None,
    savename: str = "",
    title: str = "",
):
    plt.scatter(
        inputs[:, 0],
        inputs[:, 1],
        c=[
            "green" if labels[idx] == pred else "red"
            for idx, pred in enumerate(prediction > 0.5)
        ],
        alpha=0.20,
        s=100,
    )
    # Draw the red line separating the two classes
    if parameters:
        W, b = parameters
        x = np.linspace(-1, 5, 100)
        y = -W[0] / W[1] * x + (0.5 - b) / W[1]
        plt.plot(x, y, c="red")
        plt.xlim(-3, 6)
        plt.ylim(-3, 6)
    # Add a title to the plot
    if title:
        plt.title(title)
    # Save the plot to a buffer
    if buffer:
        plt.savefig(buffer, format="png", transparent=False)
    else:
        plt.show()
    plt.close()


for prediction_idx in [0, -1]:
    buffer = BytesIO()
    plot_prediction_acc(
        prediction=predictions_all[prediction_idx],
        inputs=inputs,
        buffer=buffer,
        parameters=parameters_all[prediction_idx],
        title=f"Prediction {prediction_idx}",
    )
    assert buffer.getvalue().startswith(b"\x89PNG")


class SimpleDense(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        input_dim = input_shape[-1]
        # self.kernel = tf.Variable(tf.random.normal(shape=(input_dim, self.units)))
        self.kernel = self.add_weight(
            shape=(input_dim, self.units),
            initializer="random_normal",
            name="weights"
        )
        self.bias = self.add_weight(
            shape=(self.units,),
            initializer="zeros",
            name="bias"
        )

    def call(self, inputs):
        # return self.activation(keras.backend.dot(inputs, self.kernel) + self.bias)
        y = tf.matmul(inputs, self.kernel) + self.bias
        if self.activation is not None:
            y = self.activation(y)
        return y


my_dense = SimpleDense(units=32, activation="relu")
input_tensor = tf.ones(shape=(2, 784))
output_tensor = my_dense(input_tensor)
print(repr(output_tensor.shape))
# prints:
# TensorShape([2, 32])
assert output_tensor.numpy().shape == (2, 32)
