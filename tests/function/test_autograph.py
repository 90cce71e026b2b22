"""Python's control flow on tensors inside compiled functions: what it computes."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf


def run(function, *args):
    """Value of the compiled function as Python numbers."""
    result = tf.function(function)(*[tf.constant(a) for a in args])
    return tf.nest.map_structure(lambda t: t.numpy().tolist() if hasattr(t, "numpy") else t, result)


# --- if ---------------------------------------------------------------------------------------------


def sign(x):
    if x > 0:
        y = 1
    elif x < 0:
        y = -1
    else:
        y = 0
    return y


def early(x):
    if x > 5:
        return x - 5
    x = x + 1
    if x > 5:
        return x * 100
    return x


def ternary(x):
    return x * 2 if x > 0 else x - 1


def logic(x):
    if x > 0 and x < 10 or x == -5:
        return 1
    if not x > 100:
        return 2
    return 3


def chained(x):
    return 1 if 0 < x <= 3 else 0


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (sign, [4, -4, 0]),
        (early, [9, 5, 1]),
        (ternary, [3, -3]),
        (logic, [5, -5, 50, 500]),
        (chained, [0, 3, 4]),
    ],
)
def test_branches_give_what_python_gives(function, values):
    assert [run(function, v) for v in values] == [function(v) for v in values]


def test_branch_traces_each_side_once_and_runs_one():
    seen = []

    @tf.function
    def f(x):
        if x > 0:
            seen.append("if")
            y = x
        else:
            seen.append("else")
            y = -x
        return y

    assert [int(f(tf.constant(v))) for v in (3, -3, 5)] == [3, 3, 5]
    assert seen == ["if", "else"]


def test_known_condition_takes_one_branch():
    seen = []

    @tf.function
    def f(x, training):
        if training:
            seen.append("yes")
        else:
            seen.append("no")
        if tf.constant(True):
            x = x + 1
        return x

    assert int(f(tf.constant(1), True)) == 2
    assert seen == ["yes"]


def test_symbol_of_one_branch_only():
    def f(x):
        if x > 0:
            y = x
        return y

    with pytest.raises(ValueError, match="'y' must also be given a value in the else branch"):
        run(f, 1)


def test_symbol_used_in_one_branch_only_needs_no_value():
    def f(x):
        if x > 0:
            y = x * 2
            z = y + 1
        else:
            z = x
        return z

    assert run(f, 2) == 5


def test_dtypes_and_shapes_of_branches_must_agree():
    def dtypes(x):
        if x > 0:
            y = tf.constant(1.0)
        else:
            y = tf.constant(1)
        return y

    def shapes(x):
        if x > 0:
            y = tf.zeros(2)
        else:
            y = tf.zeros(3)
        return y

    with pytest.raises(TypeError, match=r"\[if\] 'y' must have one dtype in all branches"):
        run(dtypes, 1)
    with pytest.raises(ValueError, match=r"\[if\] 'y' must have one shape in all branches"):
        run(shapes, 1)


def test_value_returned_from_one_branch_only():
    def f(x):
        if x > 0:
            return x

    with pytest.raises(TypeError, match="must be of one kind in all branches"):
        run(f, 1)


def test_python_number_meets_tensor():
    def f(x):
        y = 0
        if tf.reduce_sum(x) > 0:
            y = tf.reduce_sum(x)
        return y

    assert run(f, [1.5]) == 1.5
    assert run(f, [-1.5]) == 0.0


def test_python_value_that_branches_share_stays():
    def f(x):
        kind = None
        if x > 0:
            kind = "same"
            y = x
        else:
            kind = "same"
            y = -x
        assert kind == "same"
        return y

    assert run(f, -2) == 2


def test_structures_in_branches():
    def f(x):
        state = {"a": x, "b": (x, [x])}
        if x > 0:
            state = {"a": x + 1, "b": (x * 2, [x * 3])}
        return state

    assert run(f, 2) == {"a": 3, "b": (4, [6])}
    assert run(f, -2) == {"a": -2, "b": (-2, [-2])}


def test_sides_of_and_run_lazily():
    v = tf.Variable(0)

    @tf.function
    def f(x):
        return x > 0 and v.assign_add(1) > 0

    assert not bool(f(tf.constant(-1)))
    assert int(v) == 0
    assert bool(f(tf.constant(1)))
    assert int(v) == 1


# --- while ------------------------------------------------------------------------------------------


def collatz(n):
    steps = 0
    while n > 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


def while_break(x):
    i = 0
    while True:
        x = x * 2
        i += 1
        if x > 50:
            break
    return i, x


def while_else(x):
    while x < 10:
        x = x * 3
        if x == 9:
            break
    else:
        x = x + 1000
    return x


@pytest.mark.parametrize(
    ("function", "values"),
    [(collatz, [6, 27, 1]), (while_break, [1, 60]), (while_else, [1, 2, 20])],
)
def test_while_gives_what_python_gives(function, values):
    assert [run(function, v) for v in values] == [function(v) for v in values]


def test_loop_is_traced_once():
    count = []

    @tf.function
    def f(n):
        while n > 0:
            count.append(1)
            n -= 1
        return n

    assert int(f(tf.constant(50))) == 0
    assert len(count) == 1


def test_loop_variable_first_assigned_in_the_loop():
    def f(n):
        i = 0
        while i < n:
            last = i * i
            i += 1
        return last

    assert run(f, 4) == 9


def test_loop_may_not_change_dtype_or_shape():
    def dtype(n):
        x = tf.constant(0)
        for _ in tf.range(n):
            x = tf.constant(1.0)
        return x

    def shape(n):
        x = tf.zeros((1,))
        for _ in tf.range(n):
            x = tf.concat([x, x], 0)
        return x

    def structure(n):
        x = [tf.constant(0)]
        for i in tf.range(n):
            x = [*x, i]
        return x

    with pytest.raises(TypeError, match=r"\[for\] 'x' must keep its dtype in the loop, got int32"):
        run(dtype, 3)
    with pytest.raises(
        ValueError, match=r"\[for\] 'x' must keep its shape in the loop, got \(1,\)"
    ):
        run(shape, 3)
    with pytest.raises(ValueError, match=r"\[for\] 'x' must keep its structure in the loop"):
        run(structure, 3)


def test_python_number_takes_the_dtype_of_the_loop():
    def rows(x):
        total, count = 0, 0
        for row in x:
            total += row
            count += 1
        return total, count

    def steps(n):
        value = 1
        while value < n:
            value *= 1.5
        return value

    def until(x):
        total = 0
        for row in x:
            total += row
            if total > 2.0:
                break
        return total

    assert run(rows, [1.0, -2.5]) == (-1.5, 2)
    assert run(until, [1.0, 1.5, 7.0]) == 2.5
    assert run(steps, 3.0) == 3.375


def test_python_value_may_not_change_in_the_loop():
    def f(n):
        mode = "a"
        for _i in tf.range(n):
            mode = "b"
        return mode

    with pytest.raises(ValueError, match="'mode' must keep its value in the loop"):
        run(f, 3)


# --- for --------------------------------------------------------------------------------------------


def squares(n):
    total = 0
    for i in tf.range(n):
        total += i * i
    return total


def best_row(x):
    best = x[0]
    for row in x:
        if tf.reduce_sum(row) > tf.reduce_sum(best):
            best = row
    return best


def break_continue(x):
    total = 0
    for v in x:
        if v < 0:
            continue
        if v > 100:
            break
        total += v
    return total


def return_in_loop(x, target):
    for i in tf.range(tf.size(x)):
        if x[i] == target:
            return i
    return -1


def return_value_in_loop(x, limit):
    total = 0.0
    for v in x:
        total += v
        if total > limit:
            return total * 10.0
    return total


def return_in_nested_loops(n):
    for i in tf.range(n):
        for j in tf.range(i):
            if i * j > 10:
                return i, j
    return -1, -1


def nested(n):
    count = 0
    for i in tf.range(n):
        for j in tf.range(i):
            if (i + j) % 2 == 0:
                continue
            if j > 3:
                break
            count += 1
    return count


def for_else(x):
    for v in x:
        if v == 3:
            break
    else:
        v = v * 0 - 1
    return v


def numbered(x):
    total = 0
    for i, v in enumerate(x):
        total += i * v
    return total


def paired(x, y):
    total = 0
    for a, b in zip(x, y):
        total += a * b
    return total


def builtins(x):
    total = 0
    for i in range(len(x)):
        total += x[i]
    return total + max(x[0], x[1]) + min(x[0], x[1]) + abs(x[1]) + int(x[0]) + sum([x[0], x[1]])


@pytest.mark.parametrize(
    ("function", "args", "expected"),
    [
        (squares, (5,), 30),
        (squares, (0,), 0),
        (best_row, ([[1, 2], [5, 5], [3, 3]],), [5, 5]),
        (break_continue, ([1, -5, 2, 200, 7],), 3),
        (break_continue, ([-1],), 0),
        (return_in_loop, ([4, 7, 9, 7], 7), 1),
        (return_in_loop, ([4, 7, 9, 7], 1), -1),
        (return_value_in_loop, ([1.0, 2.0, 3.4, 4.0], 6.0), 64.0),
        (return_value_in_loop, ([1.0, 2.0], 6.0), 3.0),
        (return_in_nested_loops, (6,), (4, 3)),
        (return_in_nested_loops, (2,), (-1, -1)),
        (nested, (8,), 12),
        (for_else, ([1, 3, 5],), 3),
        (for_else, ([1, 5],), -1),
        (numbered, ([5, 6, 7],), 20),
        (paired, ([1, 2, 3], [4, 5, 6]), 32),
        (builtins, ([5, -6, 7],), 6 + 5 - 6 + 6 + 5 - 1),
    ],
)
def test_for(function, args, expected):
    got = run(function, *args)
    np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=1e-6)


def test_range_of_floats_backwards():
    def f(start, stop, step):
        total = 0.0
        for v in tf.range(start, stop, step):
            total += v
        return total

    assert run(f, 2.0, 0.0, -0.5) == 5.0


def test_python_loop_with_traced_break():
    def f(x):
        total = 0
        for k in (1, 2, 3, 4):
            total += k
            if total > x:
                break
        return total

    assert [run(f, v) for v in (0, 2, 100)] == [1, 3, 10]


def test_python_loops_unroll():
    def f(x):
        parts = []
        for k in range(3):
            parts.append(x * k)
        return tf.stack(parts)

    assert run(f, 2) == [0, 2, 4]


def test_loop_over_no_row():
    def f(x):
        total = 0.0
        for row in x:
            total += tf.reduce_sum(row)
        return total

    assert run(f, np.zeros((0, 3), np.float32)) == 0.0


def test_maximum_iterations():
    def f(n):
        total = 0
        for _i in tf.range(n):
            tf.autograph.experimental.set_loop_options(maximum_iterations=3)
            total += 1
        return total

    assert run(f, 100) == 3
    assert run(f, 2) == 2


def test_scalar_cannot_be_looped_over():
    def f(x):
        for _ in x:
            x = x + 1
        return x

    with pytest.raises(TypeError, match="rank 1 or more"):
        run(f, 1)


# --- gradients --------------------------------------------------------------------------------------


def slope(function, value, *args):
    x = tf.constant(value)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x, *args)
    return tape.gradient(y, x).numpy().item()


@tf.function
def power(x, n):
    r = tf.ones_like(x)
    for _ in tf.range(n):
        r = r * x
    return r


def test_gradient_of_a_loop_of_unknown_length():
    assert [slope(power, 1.5, tf.constant(n)) for n in (0, 1, 4)] == [0.0, 1.0, 4 * 1.5**3]


def test_gradient_inside_and_of_a_loop():
    @tf.function
    def descend(x):
        for _ in tf.range(20):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = (x - 3.0) ** 2
            x = x - 0.25 * tape.gradient(y, x)
        return x

    assert abs(float(descend(tf.constant(0.0))) - 3.0) < 1e-4
    np.testing.assert_allclose(slope(descend, 0.0), 0.5**20, rtol=1e-4)


def test_second_order_through_a_loop_of_unknown_length():
    x, n = tf.constant(2.0), tf.constant(5)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = power(x, n)
        first = inner.gradient(y, x)
    np.testing.assert_allclose(first, 80.0)
    np.testing.assert_allclose(outer.gradient(first, x), 160.0)


def test_gradient_of_a_while_with_break():
    @tf.function
    def f(x):
        y = x
        while tf.constant(True):
            y = y * x
            if y > 100.0:
                break
        return y

    assert slope(f, 3.0) == 5 * 3.0**4


def test_gradient_of_a_branch_in_a_loop():
    @tf.function
    def f(x):
        total = 0.0
        for v in x:
            if v > 0.0:
                total += v * v
            else:
                total += 3.0 * v
        return total

    x = tf.constant([2.0, -1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    np.testing.assert_allclose(tape.gradient(y, x), [4.0, 3.0])


# --- Variables and objects ----------------------------------------------------------------------------


def test_variables_change_in_loops_and_branches():
    v = tf.Variable(0)

    @tf.function
    def f(n):
        for i in tf.range(n):
            if i % 2 == 0:
                v.assign_add(i)
            else:
                v.assign_sub(1)
        return v.read_value()

    assert [int(f(tf.constant(5))), int(v), int(f(tf.constant(2)))] == [4, 4, 3]


def test_result_of_an_assignment_is_a_value():
    v = tf.Variable(1)

    @tf.function
    def f(n):
        for _ in tf.range(n):
            last = v.assign_add(2)
        if n > 100:
            last = v.assign(0)
        return last * 10

    assert int(f(tf.constant(3))) == 70


class Counter(tf.Module):
    def __init__(self):
        super().__init__()
        self.count = tf.Variable(0)
        self.__step = 2

    def helper(self, x):
        if x > 0:
            return x
        return x * 0

    @tf.function
    def method(self, x):
        if x > 0:
            self.count.assign_add(self.__step)
        return self.helper(x) + self.helper(-x)


class Child(Counter):
    def helper(self, x):
        return super().helper(x) * 10


def test_methods_private_names_and_super():
    one, two = Counter(), Child()
    assert [int(one.method(tf.constant(v))) for v in (3, -4)] == [3, 4]
    assert int(two.method(tf.constant(3))) == 30
    assert int(one.count) == 2


def test_attribute_that_a_branch_changes():
    class Holder:
        value = None

    holder = Holder()

    @tf.function
    def f(x):
        holder.value = x
        if x > 0:
            holder.value = x * 2
        return holder.value

    assert int(f(tf.constant(3))) == 6
    assert int(f(tf.constant(-3))) == -3


def test_closures_partials_lambdas_and_nested_functions():
    scale = 3

    def inner(x, factor):
        if x > 0:
            return x * factor
        return -x

    def f(x):
        def local(y):
            if y > 10:
                y = y - 10
            return y

        bound = functools.partial(inner, factor=scale)

        def choose(y):
            return y + 1 if y > 0 else y - 1

        return local(bound(x)) + choose(x)

    assert [run(f, 5), run(f, -2)] == [15 - 10 + 6, 2 - 3]


def test_lambdas_on_one_line():
    f, g = (lambda x: x + 1 if x > 0 else x), (lambda x: x - 1 if x > 0 else x)
    assert [run(f, 1), run(g, 1), run(f, -1)] == [2, 0, -1]


def test_recursion_on_python_values():
    def f(x, depth):
        if depth == 0:
            return x
        if x > 100:
            return x
        return f(x * 3, depth - 1)

    compiled = tf.function(f)
    assert [int(compiled(tf.constant(v), 4)) for v in (1, 50)] == [81, 150]


def test_functions_given_to_cond_and_map_are_converted():
    def positive(x):
        if x > 0:
            return x
        return -x

    def f(x):
        mapped = tf.map_fn(lambda v: v if v > 2 else v * 10, x)
        chosen = tf.cond(x[0] > 0, lambda: positive(x[1]), lambda: positive(x[2]))
        _, looped = tf.while_loop(
            lambda i, y: i < 2 and y < 100, lambda i, y: (i + 1, positive(y) * 2), (0, x[1])
        )
        return mapped, chosen, looped

    assert run(f, [1, -2, 3]) == ([10, -20, 3], 2, 8)
    assert tf.vectorized_map(positive, tf.constant([1, -2])).numpy().tolist() == [1, 2]


def test_decorated_and_keyword_only_functions():
    def doubled(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs) * 2

        return wrapper

    @doubled
    def helper(x, *, offset=1):
        if x > 0:
            x = x + offset
        return x

    def f(x):
        return helper(x) + helper(x, offset=5)

    assert run(f, 1) == 2 * 2 + 2 * 6


def test_try_with_and_del():
    def f(x):
        try:
            with tf.name_scope("scope") if hasattr(tf, "name_scope") else tf.init_scope():
                pass
            if x > 0:
                y = x
            else:
                y = -x
        finally:
            x = x + 1
        z = y + x
        del y
        return z

    assert run(f, -2) == 1


def test_comprehension_calls_helpers():
    def positive(x):
        if x > 0:
            return x
        return x * 0

    def f(x):
        return sum([positive(x - k) for k in range(3)])

    assert run(f, 2) == 3


# --- the conversion -----------------------------------------------------------------------------------


def test_to_graph_and_to_code():
    def f(x):
        if x > 0:
            x = x + 1
        return x

    converted = tf.autograph.to_graph(f)
    assert converted(1) == 2
    assert int(converted(tf.constant(-1))) == -1
    assert "if_stmt" in tf.autograph.to_code(f)
    with pytest.raises(TypeError, match=r"\[autograph.to_code\] expected a Python function"):
        tf.autograph.to_code(3)


def test_do_not_convert():
    @tf.autograph.experimental.do_not_convert
    def helper(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(TypeError, match=r"\[if Tensor\]"):
        run(lambda x: helper(x), 1)
    assert int(helper(tf.constant(-3))) == 3


def test_function_without_source_runs_as_it_is(caplog):
    names = {}
    exec("def f(x):\n    return g(x) if x is not None else 0\ndef g(x):\n    return x + 1", names)
    compiled = tf.function(names["f"])
    assert int(compiled(tf.constant(1))) == 2
    assert int(compiled(tf.constant([1])[0])) == 2
    messages = [r.getMessage() for r in caplog.records if "runs unconverted" in r.getMessage()]
    assert len(messages) == 1
    assert messages[0].startswith("[autograph] f runs unconverted")


def test_traceback_shows_the_users_lines():
    def inner(x):
        if x > 0:
            y = x
        else:
            raise KeyError("mine")
        return y

    def outer(x):
        for _ in tf.range(2):
            x = inner(x)
        return x

    with pytest.raises(KeyError, match="mine") as caught:
        run(outer, 1)
    frames = [(e.path, e.lineno + 1) for e in caught.traceback]
    lines = [line for path, line in frames if str(path) == __file__]
    source = Path(__file__).read_text("utf-8").splitlines()
    shown = [source[line - 1].strip() for line in lines]
    assert "x = inner(x)" in shown
    assert 'raise KeyError("mine")' in shown


def test_assert_statement():
    def f(x):
        assert x > 0, "positive"
        return x

    assert run(f, 3) == 3
    with pytest.raises(tf.errors.InvalidArgumentError, match="positive"):
        run(f, -3)


def test_print_happens_when_traced(capsys):
    @tf.function
    def f(x):
        print("tracing")
        return x

    f(tf.constant(1))
    f(tf.constant(2))
    assert capsys.readouterr().out == "tracing\n"


def test_library_code_is_not_converted():
    def f(x):
        return np.sum([1, 2]) + tf.reduce_sum(x)

    assert run(f, [1, 2]) == 6
    code = tf.reduce_sum.__code__ if hasattr(tf.reduce_sum, "__code__") else None
    from thalweg._src.function.autograph_calls import transpiler

    assert code not in transpiler()._factories


def test_growing_list_of_unknown_length_runs_uncompiled(caplog):
    @tf.function
    def f(n):
        ta = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
        for i in tf.range(n):
            ta = ta.write(i, i * 10)
        return ta.stack()

    assert f(tf.constant(4)).numpy().tolist() == [0, 10, 20, 30]
    assert f(tf.constant(2)).numpy().tolist() == [0, 10]
    assert sum("runs uncompiled" in r.getMessage() for r in caplog.records) == 1
    strict = tf.function(f.python_function, jit_compile=True)
    with pytest.raises(TypeError, match="'ta' to have a final size that is known"):
        strict(tf.constant(4))
