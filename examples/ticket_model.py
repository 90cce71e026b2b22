"""Tickets of a help desk: one model reads a title, a text and tags, and gives a priority and a department.

The functional API joins three inputs, one of them of strings, and parts into two outputs with a loss each.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

SMOKE = "--smoke" in sys.argv
SAMPLES, TESTS, EPOCHS = (128, 64, 1) if SMOKE else (3000, 1000, 10)

DEPARTMENTS = {
    "billing": "invoice refund payment charge receipt price card account",
    "network": "router connection signal outage cable speed account server",
    "hardware": "screen battery keyboard printer cable warranty card noise",
    "software": "update crash install password license server file price",
}
TITLES = ["question about my {}", "{} again", "problem: {}", "{} please", "{} and {}"]
TEXTS = ["since monday the {} is wrong", "i looked at the {}", "the {} does not work", "what about the {}"]
MOODS = {"everything stands still": 0.35, "we lose customers": 0.3, "no hurry": -0.3, "thank you": -0.1}
TAGS = {"company": 0.25, "new customer": 0.1, "repeated": 0.2, "newsletter": -0.15}


def write_tickets(count, random):
    """Titles, texts, tags (count, tags), priorities from 0 to 1, and numbers of departments."""
    titles, texts, priorities = [], [], []
    tags = (random.random((count, len(TAGS))) < 0.3).astype("float32")
    departments = random.integers(len(DEPARTMENTS), size=count)
    for department, row in zip(departments, tags, strict=True):
        words = random.choice(list(DEPARTMENTS.values())[department].split(), 4)
        mood = random.choice(list(MOODS))
        titles.append(random.choice(TITLES).format(*words[:2]))
        texts.append(". ".join([*(random.choice(TEXTS).format(word) for word in words[2:]), mood]))
        urgency = 0.4 + MOODS[mood] + row @ list(TAGS.values()) + random.normal(0, 0.05)
        priorities.append(np.clip(urgency, 0, 1))
    inputs = {"title": np.array(titles), "text": np.array(texts), "tags": tags}
    return inputs, {"priority": np.array(priorities, "float32"), "department": departments}


def build_model(tickets):
    """A ticket to its priority and the probability of each department."""
    title = keras.Input((), dtype="string", name="title")
    text = keras.Input((), dtype="string", name="text")
    tags = keras.Input((len(TAGS),), name="tags")
    read = layers.TextVectorization(output_mode="multi_hot")
    read.adapt(np.concatenate([tickets["title"], tickets["text"]]))
    features = layers.Concatenate()([read(title), read(text), tags])
    features = layers.Dense(64, activation="relu")(features)
    priority = layers.Dense(1, activation="sigmoid", name="priority")(features)
    department = layers.Dense(len(DEPARTMENTS), activation="softmax", name="department")(features)
    model = keras.Model([title, text, tags], {"priority": priority, "department": department})
    model.compile(
        keras.optimizers.Adam(0.002),
        loss={"priority": "mse", "department": "sparse_categorical_crossentropy"},
        loss_weights={"priority": 5.0, "department": 1.0},
        metrics={"priority": ["mae"], "department": ["accuracy"]},
    )
    return model


def draw(answers, right):
    """Priorities that were found against the right ones; how often a department is taken for another."""
    figure, (left, center) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    colors = [f"C{number}" for number in right["department"]]
    left.scatter(right["priority"], answers["priority"][:, 0], c=colors, s=8, alpha=0.6)
    left.axline((0, 0), slope=1, color="k", lw=0.8)
    left.set(xlabel="priority", ylabel="answer", title="priority", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    table = np.zeros((len(DEPARTMENTS),) * 2)
    np.add.at(table, (right["department"], answers["department"].argmax(axis=1)), 1)
    center.imshow(table, cmap="Blues")
    for (row, column), count in np.ndenumerate(table):
        color = "w" if count > table.max() / 2 else "k"
        center.text(column, row, f"{count:.0f}", ha="center", va="center", color=color)
    center.set_xticks(range(len(DEPARTMENTS)), DEPARTMENTS, rotation=30)
    center.set_yticks(range(len(DEPARTMENTS)), DEPARTMENTS)
    center.set(xlabel="answer", title="department")
    figure.savefig("ticket_model.png", dpi=100)


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x_train, y_train = write_tickets(SAMPLES, random)
x_test, y_test = write_tickets(TESTS, random)
model = build_model(x_train)
model.summary()
model.fit(x_train, y_train, epochs=EPOCHS, batch_size=32, validation_split=0.1, verbose=2)
measures = model.evaluate(x_test, y_test, return_dict=True, verbose=0)
answers = model.predict(x_test, verbose=0)
draw(answers, y_test)
guess = np.abs(y_test["priority"] - y_train["priority"].mean()).mean()
print(f"priority: mean absolute error {measures['priority_mae']:.3f}, of the mean {guess:.3f}")
most_frequent = np.bincount(y_train["department"]).argmax()
accuracy, baseline = measures["department_accuracy"], np.mean(y_test["department"] == most_frequent)
print(f"result: accuracy of the department {accuracy:.3f} > baseline {baseline:.3f}")
