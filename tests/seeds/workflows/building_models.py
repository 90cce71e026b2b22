"""Three ways to build a model: stacked, drawn between symbols, and written as a class."""

import numpy as np

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

rng = np.random.default_rng(3)


def lines_of(model):
    """Rows of the summary below its head, without their frame."""
    text = []
    model.summary(print_fn=text.append)
    rows = [line.strip("│┃ ") for line in "\n".join(text).splitlines()]
    return [" ".join(row.replace("│", " ").split()) for row in rows if row[:1].isalpha()][2:]


# A stack knows its weights when it knows its inputs.
stack = keras.Sequential(name="stack")
stack.add(layers.Dense(8, activation="relu", name="wide"))
stack.add(layers.Dense(3, activation="softmax", name="narrow"))
print(stack.built, lines_of(stack)[:2])
# prints:
# False ['wide (Dense) ? 0 (unbuilt)', 'narrow (Dense) ? 0 (unbuilt)']
stack.build((None, 5))
print([tuple(weight.shape) for weight in stack.weights])
print("\n".join(lines_of(stack)))
# prints:
# [(5, 8), (8,), (8, 3), (3,)]
# wide (Dense) (None, 8) 48
# narrow (Dense) (None, 3) 27
# Total params: 75 (300.00 B)
# Trainable params: 75 (300.00 B)
# Non-trainable params: 0 (0.00 B)
early = keras.Sequential([keras.Input(shape=(5,)), layers.Dense(8), layers.Dense(3)])
assert early.output_shape == (None, 3)
early.pop()
assert early.output_shape == (None, 8)

# Symbols have a shape and a dtype, and layers called on them are a graph.
sensor = keras.Input(shape=(5,), name="sensor")
print(sensor.shape, sensor.dtype, sensor.name)
# prints:
# (None, 5) float32 sensor
hidden = layers.Dense(8, activation="relu")(sensor)
drawn = keras.Model(inputs=sensor, outputs=layers.Dense(3, activation="softmax")(hidden))
assert drawn.count_params() == stack.count_params()
drawn.set_weights(stack.get_weights())
probe = rng.normal(size=(4, 5)).astype("float32")
np.testing.assert_allclose(drawn(probe), stack(probe), rtol=1e-6)

# Several inputs and outputs: parcels, described by three kinds of features.
NAMES, STICKERS, DEPOTS, PARCELS = 40, 6, 4, 96
label = keras.Input(shape=(NAMES,), name="label")
address = keras.Input(shape=(NAMES,), name="address")
stickers = keras.Input(shape=(STICKERS,), name="stickers")
joined = layers.Concatenate()([label, address, stickers])
mixed = layers.Dense(16, activation="relu", name="mixed")(joined)
haste = layers.Dense(1, activation="sigmoid", name="haste")(mixed)
depot = layers.Dense(DEPOTS, activation="softmax", name="depot")(mixed)
sorter = keras.Model(inputs=[label, address, stickers], outputs=[haste, depot])
print([layer.name for layer in sorter.layers if layer.name != joined.name][:3], sorter.output_names)
print([tuple(part.shape) for part in sorter.layers[3].input], tuple(sorter.layers[3].output.shape))
# prints:
# ['label', 'address', 'stickers'] ['haste', 'depot']
# [(None, 40), (None, 40), (None, 6)] (None, 86)

x = [rng.integers(0, 2, size=(PARCELS, width)) for width in (NAMES, NAMES, STICKERS)]
hurried = x[2].mean(axis=1, keepdims=True)
wanted = keras.utils.to_categorical(x[0][:, :DEPOTS].argmax(axis=1), DEPOTS)
sorter.compile(
    optimizer="rmsprop",
    loss=["mean_squared_error", "categorical_crossentropy"],
    metrics=[["mean_absolute_error"], ["accuracy"]],
)
history = sorter.fit(x, [hurried, wanted], epochs=6, verbose=0).history
print(sorted(history))
# prints:
# ['depot_accuracy', 'depot_loss', 'haste_loss', 'haste_mean_absolute_error', 'loss']
assert history["loss"][-1] < history["loss"][0]
by_position = sorter.evaluate(x, [hurried, wanted], verbose=0)

# The same by name; weights of the losses; the losses add up.
sorter.compile(
    optimizer="rmsprop",
    loss={"haste": "mean_squared_error", "depot": "categorical_crossentropy"},
    loss_weights={"haste": 0.5, "depot": 2.0},
    metrics={"haste": ["mean_absolute_error"], "depot": ["accuracy"]},
)
named = dict(zip(("label", "address", "stickers"), x, strict=True))
found = sorter.evaluate(named, {"haste": hurried, "depot": wanted}, verbose=0, return_dict=True)
np.testing.assert_allclose(
    found["loss"], 0.5 * found["haste_loss"] + 2 * found["depot_loss"], rtol=1e-5
)
np.testing.assert_allclose(by_position[0], found["haste_loss"] + found["depot_loss"], rtol=1e-5)
first, second = sorter.predict(x, verbose=0)
print(first.shape, second.shape)
# prints:
# (96, 1) (96, 4)

# A model's inner symbols lead on to new models: another output, or the features themselves.
weight = layers.Dense(3, activation="softmax", name="weight")(sorter.get_layer("mixed").output)
richer = keras.Model(inputs=sorter.inputs, outputs=[*sorter.outputs, weight])
print([tuple(part.shape) for part in richer.outputs])
# prints:
# [(None, 1), (None, 4), (None, 3)]
np.testing.assert_allclose(richer.predict(x, verbose=0)[1], second, rtol=1e-5)
keras.utils.plot_model(richer, "richer.png", show_shapes=True)
with open("richer.png", "rb") as drawing:
    print(drawing.read(4)[1:].decode())
# prints:
# PNG
features = keras.Model(sorter.inputs, [layer.output for layer in sorter.layers[3:5]])
print([part.shape for part in features.predict(x, verbose=0)])
# prints:
# [(96, 86), (96, 16)]


# The same sorter as a class: structures in, structures out.
class Sorter(keras.Model):
    def __init__(self, depots):
        super().__init__()
        self.join = layers.Concatenate()
        self.mix = layers.Dense(16, activation="relu")
        self.haste = layers.Dense(1, activation="sigmoid")
        self.depot = layers.Dense(depots, activation="softmax")

    def call(self, inputs):
        mixed = self.mix(self.join([inputs["label"], inputs["address"], inputs["stickers"]]))
        return self.haste(mixed), self.depot(mixed)


written = Sorter(depots=DEPOTS)
first, second = written({name: part.astype("float32") for name, part in named.items()})
print(
    first.shape, second.shape, len(written.weights), written.count_params() == sorter.count_params()
)
# prints:
# (96, 1) (96, 4) 6 True
written.compile(
    optimizer="rmsprop",
    loss=["mean_squared_error", "categorical_crossentropy"],
    metrics=[["mean_absolute_error"], ["accuracy"]],
)
losses = written.fit(named, [hurried, wanted], epochs=4, verbose=0).history["loss"]
assert losses[-1] < losses[0]


# Models are layers: a class inside a drawing, a drawing inside a class.
class Head(keras.Model):
    def __init__(self, classes=2):
        super().__init__()
        units, activation = (1, "sigmoid") if classes == 2 else (classes, "softmax")
        self.dense = layers.Dense(units, activation=activation)

    def call(self, inputs):
        return self.dense(inputs)


outside = keras.Model(sensor, Head(classes=7)(layers.Dense(4, name="few")(sensor)))
print(lines_of(outside)[1:4])
# prints:
# ['few (Dense) (None, 4) 24', 'head (Head) (None, 7) 35', 'Total params: 59 (236.00 B)']
judge_inputs = keras.Input(shape=(4,))
judge = keras.Model(judge_inputs, layers.Dense(1, activation="sigmoid")(judge_inputs))


class Court(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4, activation="relu")
        self.judge = judge

    def call(self, inputs):
        return self.judge(self.dense(inputs))


court = Court()
print(court(tf.ones((2, 5))).shape, len(court.trainable_weights))
# prints:
# (2, 1) 4
court.judge.trainable = False
print(len(court.trainable_weights), len(court.non_trainable_weights))
# prints:
# 2 2
