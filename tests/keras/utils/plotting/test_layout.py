"""Layout: nothing overlaps, and arrows keep clear of boxes, for models and for graphs of all kinds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.keras.utils.plotting import models
from thalweg._src.keras.utils.plotting.diagram import (
    Box,
    Details,
    Diagram,
    Edge,
    Group,
    diagram_of,
)
from thalweg._src.keras.utils.plotting.drawing import scene_of
from thalweg._src.keras.utils.plotting.layout import Frame, laid_out
from thalweg._src.keras.utils.plotting.ordering import ordered
from thalweg._src.keras.utils.plotting.ranks import ranks, upward
from thalweg._src.keras.utils.plotting.routing import (
    CURVED,
    ORTHOGONAL,
    STRAIGHT,
    Crossing,
    give_tracks,
)
from thalweg._src.keras.utils.plotting.scene import Line, Rectangle, Text, width_of

STYLES = (ORTHOGONAL, CURVED, STRAIGHT)
FRAME = Frame(10, 10, 25, 10, 60)


def overlap(one, two, slack=0.01):
    (x, y, w, h), (a, b, c, d) = one, two
    return x + w > a + slack and a + c > x + slack and y + h > b + slack and b + d > y + slack


def assert_tidy(diagram, size_of, style):
    placed = laid_out(diagram, size_of, lambda group: FRAME, style)
    rectangles = {box: (*corner, *size_of(box)) for box, corner in placed.boxes.items()}
    assert set(rectangles) == set(diagram.root.boxes())
    for one, two in itertools.combinations(rectangles.values(), 2):
        assert not overlap(one, two)
    width, height = placed.size
    for x, y, w, h in rectangles.values():
        assert x >= -0.01
        assert y >= -0.01
        assert x + w <= width + 0.01
        assert y + h <= height + 0.01
    for group, (corner, size) in placed.groups.items():
        inside = set(group.boxes())
        for box, rectangle in rectangles.items():
            if box not in inside:
                assert not overlap(rectangle, (*corner, *size))
            else:
                assert corner[0] < rectangle[0]
                assert rectangle[0] + rectangle[2] < corner[0] + size[0]
    assert set(placed.ways) == set(diagram.edges)
    for edge, way in placed.ways.items():
        for end, box in ((way[0], edge.tail), (way[-1], edge.head)):
            x, y, w, h = rectangles[box]
            assert x - 0.01 <= end[0] <= x + w + 0.01
            assert min(abs(end[1] - y), abs(end[1] - y - h)) < 0.01 or edge.tail is edge.head
        for a, b in itertools.pairwise(way):
            piece = (min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
            assert not any(overlap(piece, rectangle) for rectangle in rectangles.values())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", sorted(models.ALL))
def test_models_are_laid_out_without_overlaps(name, style):
    diagram = diagram_of(models.ALL[name](), Details(), expand_nested=True)
    assert_tidy(diagram, lambda box: (80.0, 30.0), style)


@st.composite
def diagrams(draw):
    """Any boxes in groups up to two deep, with any arrows."""
    count = draw(st.integers(1, 9))
    boxes = [Box((), []) for _ in range(count)]
    root = Group("root")
    middle, inner = Group("middle"), Group("inner")
    holders = [root, root, middle, inner]
    for box in boxes:
        draw(st.sampled_from(holders)).children.append(box)
    if inner.children:
        draw(st.sampled_from([root, middle])).children.append(inner)
    if middle.children:
        root.children.append(middle)
    pairs = draw(
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=14)
    )
    edges = [Edge(boxes[a], boxes[b]) for a, b in dict.fromkeys(pairs)]
    sizes = {
        id(box): (draw(st.sampled_from([40.0, 90.0, 200.0])), draw(st.sampled_from([20.0, 70.0])))
        for box in boxes
    }
    return Diagram(root, edges), sizes


@settings(max_examples=150, deadline=None, derandomize=True)
@given(diagrams(), st.sampled_from(STYLES))
def test_any_graph_is_laid_out_without_overlaps(drawn, style):
    diagram, sizes = drawn
    assert_tidy(diagram, lambda box: sizes[id(box)], style)


def test_a_chain_is_straight_and_shortcuts_pass_beside_it():
    diagram = diagram_of(models.chain(), Details())
    placed = laid_out(diagram, lambda box: (80.0, 30.0), lambda group: FRAME, ORTHOGONAL)
    assert len({corner[0] for corner in placed.boxes.values()}) == 1
    assert all(len({x for x, _ in way}) == 1 for way in placed.ways.values())


def test_ranks_lead_down_and_sources_stand_near_what_they_feed():
    links = [(0, 1), (1, 2), (2, 3), (4, 3)]
    assert ranks(5, links) == [0, 1, 2, 3, 2]
    assert upward(3, [(0, 1), (1, 2), (2, 0), (2, 2)]) == [False, False, True, True]


def test_rows_are_ordered_without_needless_crossings():
    # Two pairs that cross when the rows are in order of the numbers.
    rows = ordered([0, 0, 1, 1], [(0, 3), (1, 2)])
    assert rows in ([[0, 1], [3, 2]], [[1, 0], [2, 3]])


def test_lines_of_different_links_do_not_share_a_track():
    crossings = [
        Crossing(0, 50, "a", "x"),
        Crossing(10, 60, "b", "y"),
        Crossing(70, 90, "c", "z"),
        Crossing(30, 30, "d", "w"),
    ]
    assert give_tracks(crossings) == 2
    assert crossings[0].track != crossings[1].track
    assert crossings[2].track == 0
    assert crossings[3].track is None


def test_a_line_that_ends_where_another_starts_runs_below_it():
    upper, lower = Crossing(50, 0, "a", "x"), Crossing(90, 50, "b", "y")
    give_tracks([lower, upper])
    assert upper.track < lower.track


@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_arrows_lead_where_the_direction_says(rankdir):
    scene = scene_of(diagram_of(models.chain(), Details(names=True)), rankdir, "ortho")
    middles = {
        shape.spans[0].text: (shape.x, shape.y)
        for shape in scene.shapes
        if isinstance(shape, Text)
    }
    axis, sign = {"TB": (1, 1), "BT": (1, -1), "LR": (0, 1), "RL": (0, -1)}[rankdir]
    order = [middles[name][axis] * sign for name in ("conv", "pool", "flat", "drop", "dense")]
    assert order == sorted(order)


def test_texts_fit_their_boxes():
    scene = scene_of(
        diagram_of(models.siamese(), Details(shapes=True, names=True)), "TB", "curved"
    )
    frames = [s for s in scene.shapes if isinstance(s, Rectangle)]
    for text in (s for s in scene.shapes if isinstance(s, Text)):
        half = width_of(text.spans, text.size) / 2
        assert any(
            f.x <= text.x - half and text.x + half <= f.x + f.width and f.y < text.y < f.y + f.height
            for f in frames
        )
    assert all(isinstance(s, Rectangle | Text | Line) or s.points for s in scene.shapes)
