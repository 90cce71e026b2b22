"""The article "Deep Learning Part 3 - Keras & Tensorflow" (robertpiazza.com)."""

import matplotlib.pyplot as plt
import numpy as np

import thalweg as tf

x = tf.ones(shape=(2, 1))
print(x)
# prints:
# tf.Tensor(
# [[1.]
#  [1.]], shape=(2, 1), dtype=float32)
x = tf.zeros(shape=(2, 1))
print(x)
# prints:
# tf.Tensor(
# [[0.]
#  [0.]], shape=(2, 1), dtype=float32)
x = tf.random.normal(shape=(3, 1), mean=0., stddev=1.)
print(x)
# prints:
# tf.Tensor(
# [[¤]
#  [¤]
#  [¤]], shape=(3, 1), dtype=float32)
x = tf.random.uniform(shape=(3, 1), minval=0., maxval=1.)
print(x)
# prints:
# tf.Tensor(
# [[¤]
#  [¤]
#  [¤]], shape=(3, 1), dtype=float32)
x = tf.ones(shape=(2, 2))
try:
    x[0, 0] = 0.
except TypeError as error:
    assert "does not support item assignment" in str(error)
v = tf.Variable(initial_value=tf.random.normal(shape=(3, 1)))
print(v)
# prints:
# <tf.Variable 'Variable:0' shape=(3, 1) dtype=float32, numpy=
# array([[¤],
#        [¤],
#        [¤]], dtype=float32)>
v.assign(tf.ones((3, 1)))
v[0, 0].assign(3.)
print(repr(v.assign_add(tf.ones((3, 1)))))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[4.],
#        [2.],
#        [2.]], dtype=float32)>
a = tf.ones((2, 2))
b = tf.square(a)  # takes the square
c = tf.sqrt(a)  # takes the square root
d = b + c  # element-wise addition of two tensors
e = tf.matmul(a, b)  # dot product of two tensors
e *= d  # multiple two tensors element-wise
input_var = tf.Variable(initial_value=3.)
with tf.GradientTape() as tape:
    result = tf.square(input_var)
gradient = tape.gradient(result, input_var)
print(gradient)
# prints:
# tf.Tensor(6.0, shape=(), dtype=float32)
input_const = tf.constant(3.)
with tf.GradientTape() as tape:
    tape.watch(input_const)
    result = tf.square(input_const)
gradient = tape.gradient(result, input_const)
print(gradient)
# prints:
# tf.Tensor(6.0, shape=(), dtype=float32)
time = tf.Variable(0.)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        position = 4.9 * time ** 2
    speed = inner_tape.gradient(position, time)
acceleration = outer_tape.gradient(speed, time)
print(acceleration)
# prints:
# tf.Tensor(9.8, shape=(), dtype=float32)

num_samples_per_class = 1000
positive_samples = np.random.multivariate_normal(
    mean=[0, -1],
    cov=[[1, 0.5], [0.5, 1]],
    size=num_samples_per_class)
negative_samples = np.random.multivariate_normal(
    mean=[5, 6],
    cov=[[2, 0.25], [0.25, 2]],
    size=num_samples_per_class)
inputs = np.vstack((negative_samples, positive_samples)).astype(np.float32)
targets = np.vstack((np.zeros((num_samples_per_class, 1), dtype="float32"),
                     np.ones((num_samples_per_class, 1), dtype="float32")))
plt.scatter(inputs[:, 0], inputs[:, 1], c=targets[:, 0])
plt.show()
plt.close()
input_dim = 2  # inputs will be 2D points
output_dim = 1  # output predictions will be close to 0 for 0, and 1 if class 1
W = tf.Variable(initial_value=tf.random.uniform(shape=(input_dim, output_dim)))
b = tf.Variable(initial_value=tf.zeros(shape=(output_dim,)))


def model(inputs):
    return tf.matmul(inputs, W) + b


def square_loss(targets, predictions):
    per_sample_losses = tf.square(targets - predictions)  # contains per sample loss scores
    return tf.reduce_mean(per_sample_losses)  # averages per-sample losses to a single scaler


learning_rate = 0.03


def training_step(inputs, targets):
    # forward pass, inside the scope of a gradient tape
    with tf.GradientTape() as tape:
        predictions = model(inputs)
        loss = square_loss(predictions, targets)
    # Get the gradient of the loss with respect to W and b
    grad_loss_wrt_W, grad_loss_wrt_b = tape.gradient(loss, [W, b])
    # Update the weights based on the new gradient
    W.assign_sub(grad_loss_wrt_W * learning_rate)
    b.assign_sub(grad_loss_wrt_b * learning_rate)
    return loss


for step in range(150):
    loss = training_step(inputs, targets)
    if step % 10 == 0:
        print(f"Loss at step {step}: {loss:.4f}")
# prints:
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
# Loss at step ¤: ¤
assert loss < 10

predictions = model(inputs)
plt.scatter(inputs[:, 0], inputs[:, 1], c=predictions[:, 0] >= 0.5)
plt.show()
x = np.linspace(-2, 8, 100)  # 100 regularly spaced numbers between our min and max range
# rearrange w1*x+w2*y+b= 0.5 for the discriminating line that splits 1 vs 0.
y = - W[0] / W[1] * x + (0.5 - b) / W[1]
plt.plot(x, y, "-r")  # plot as a red line
plt.scatter(inputs[:, 0], inputs[:, 1], c=predictions[:, 0] >= 0.5)  # plot the original data too
plt.show()
plt.close()
