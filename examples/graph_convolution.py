"""Graph convolution: people are told apart by whom they know, from four labels a community.

Each node has features too noisy to tell its community. A graph convolution replaces them by the mean over
the node and its neighbours: a gather along the edges, and a segment sum at their ends. The baseline is the
same network without edges.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
NODES, EPOCHS = (40, 2) if SMOKE else (400, 150)
COMMUNITIES, FEATURES, LABELS_EACH = 4, 16, 4


def found_town(random):
    """Features (nodes, FEATURES), communities (nodes,), and edges (edges, 2) from each to whom it knows."""
    community = np.arange(NODES) % COMMUNITIES
    centre = random.normal(0, 1, (COMMUNITIES, FEATURES))
    features = centre[community] + random.normal(0, 1.6, (NODES, FEATURES))
    same = community[:, np.newaxis] == community
    known = np.triu(random.random((NODES, NODES)) < np.where(same, 0.05, 0.006), 1)
    known = known | known.T | np.eye(NODES, dtype=bool)  # everyone knows oneself
    return features.astype("float32"), community, np.argwhere(known).astype("int32")


class GraphConvolution(layers.Layer):
    """A dense layer whose inputs are mixed along weighted edges."""

    def __init__(self, units, edges, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units, activation=activation)
        self.node, self.neighbour = edges.T
        degree = np.bincount(self.node)
        # Scaled by both degrees, so that who knows everybody neither hears nor says more than others.
        weight = 1 / np.sqrt(degree[self.node] * degree[self.neighbour])
        self.weight = weight[:, np.newaxis].astype("float32")

    def call(self, inputs):
        messages = tf.gather(inputs, self.neighbour) * self.weight
        return self.dense(tf.math.segment_sum(messages, self.node))


def build_model(edges):
    """Features of all nodes to the probabilities of their communities."""
    features = keras.Input((FEATURES,), batch_size=NODES)
    x = layers.Dropout(0.3)(features)
    x = GraphConvolution(32, edges, activation="relu")(x)
    x = layers.Dropout(0.3)(x)
    model = keras.Model(features, GraphConvolution(COMMUNITIES, edges, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def learn(edges):
    """The communities (nodes,) that a network names after training on the nodes with a label."""
    model = build_model(edges)
    # The whole graph is one batch; the weights leave out the nodes whose label is unknown.
    whole = {"batch_size": NODES, "verbose": 0}
    history = model.fit(features, community, sample_weight=labelled, shuffle=False, epochs=EPOCHS, **whole)
    print(f"loss {history.history['loss'][0]:.3f} -> {history.history['loss'][-1]:.3f}")
    return model.predict(features, **whole).argmax(axis=1)


def arrange(edges, random, rounds=60):
    """Places (nodes, 2): neighbours pull each other, all push each other away, in the picture only."""
    places = random.normal(size=(NODES, 2))
    between = edges[edges[:, 0] != edges[:, 1]]
    for number in range(rounds):
        apart = places[:, np.newaxis] - places
        push = np.sum(apart / (np.sum(apart**2, axis=-1, keepdims=True) + 0.01), axis=1) / NODES
        pull = np.zeros_like(places)
        np.add.at(pull, between[:, 0], places[between[:, 1]] - places[between[:, 0]])
        move = 3 * push + 0.3 * pull
        longest = 0.3 * (1 - number / rounds)
        places += move * np.minimum(1, longest / np.linalg.norm(move, axis=1, keepdims=True))
    return places


def draw(places, edges, answers):
    """The graph, its nodes in the colours of their answers; wrong ones are crosses."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
    for axis, (title, answer) in zip(axes, answers.items(), strict=True):
        axis.plot(*places[edges].transpose(2, 1, 0), color="0.8", lw=0.3, zorder=0)
        right = answer == community
        for chosen, style in ((right, {"s": 14}), (~right, {"s": 22, "marker": "x", "lw": 1.2})):
            axis.scatter(*places[chosen].T, c=answer[chosen], cmap="tab10", vmin=0, vmax=9, **style)
        axis.scatter(*places[labelled > 0].T, s=60, facecolors="none", edgecolors="k", lw=0.8)
        axis.set(title=f"{title}: {right[labelled == 0].mean():.0%} right")
        axis.axis("off")
    figure.savefig("graph_convolution.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(1)
features, community, edges = found_town(random)
labelled = np.zeros(NODES, "float32")
labelled[: COMMUNITIES * LABELS_EACH] = 1
alone = np.repeat(np.arange(NODES, dtype="int32")[:, np.newaxis], 2, axis=1)

print(f"{NODES} nodes, {len(edges)} edges, {int(labelled.sum())} labels")
answers = {"features alone": learn(alone), "features and edges": learn(edges)}
draw(arrange(edges, random), edges, answers)
baseline, accuracy = (np.mean((answer == community)[labelled == 0]) for answer in answers.values())
print(f"result: accuracy without label {accuracy:.3f} > baseline {baseline:.3f}")
