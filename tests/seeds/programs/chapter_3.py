"""Reading notes on the book, "Introduction to Keras and TensorFlow": what differs from the articles."""

import thalweg as tf

v = tf.Variable(initial_value=tf.random.normal(shape=(3, 1)))
v.assign(tf.ones((3, 1)))
print(repr(v[0, 0].assign(3.)))
# prints:
# <tf.Variable 'UnreadVariable' shape=(3, 1) dtype=float32, numpy=
# array([[3.],
#        [1.],
#        [1.]], dtype=float32)>
a = tf.ones((2, 2))
a *= 2
b = tf.square(a)
c = tf.sqrt(a)
d = b + c
e = tf.matmul(a, b)
e *= d
print(a)
# prints:
# tf.Tensor(
# [[2. 2.]
#  [2. 2.]], shape=(2, 2), dtype=float32)
print(b)
# prints:
# tf.Tensor(
# [[4. 4.]
#  [4. 4.]], shape=(2, 2), dtype=float32)
print(c)
# prints:
# tf.Tensor(
# [[1.4142135 1.4142135]
#  [1.4142135 1.4142135]], shape=(2, 2), dtype=float32)
print(d)
# prints:
# tf.Tensor(
# [[5.4142137 5.4142137]
#  [5.4142137 5.4142137]], shape=(2, 2), dtype=float32)
print(e)
# prints:
# tf.Tensor(
# [[86.62742 86.62742]
#  [86.62742 86.62742]], shape=(2, 2), dtype=float32)

# The notes take both gradients inside the tapes.
time = tf.Variable(0.)
with tf.GradientTape() as outer_tape:
    with tf.GradientTape() as inner_tape:
        position = 4.9 * time ** 2
        speed = inner_tape.gradient(position, time)
    acceleration = outer_tape.gradient(speed, time)
print(acceleration)
# prints:
# tf.Tensor(9.8, shape=(), dtype=float32)
