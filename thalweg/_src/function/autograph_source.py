"""From a Python function to the same function with its control flow turned into calls.

The analysis and rewriting of the syntax tree is diastatic-malt's (TensorFlow's AutoGraph without
TensorFlow). Ours are the statements' meaning (`autograph_statements`), a few rewrites before malt's, and
the loading: the new code is compiled under the user's file name and line numbers, so that tracebacks,
warnings and debuggers point at what the user wrote.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import linecache
import threading
import types
import warnings
from collections.abc import Callable
from typing import Any

from malt.converters import (
    break_statements,
    call_trees,
    conditional_expressions,
    continue_statements,
    control_flow,
    functions,
    logical_expressions,
    return_statements,
    variables,
)
from malt.converters import directives as directive_converter
from malt.core import converter, unsupported_features_checker
from malt.impl.api import PyToPy
from malt.lang import directives
from malt.pyct import anno, errors, inspect_utils, naming, origin_info, parser, templates
from malt.pyct import transformer as malt_transformer

from thalweg._src.function.autograph_statements import UnsupportedSource


class Transpiler(PyToPy):
    """Converts functions, once for each code object.

    Args:
        operators: Module-like object whose attributes the generated code calls as ``ag__.name``.
        loop_options: The function that users call to set options of the enclosing loop.
    """

    def __init__(self, operators: Any, loop_options: Callable[..., Any]) -> None:
        super().__init__()
        self._operators = operators
        self._loop_options = loop_options
        self._lock = threading.RLock()
        self._factories: dict[types.CodeType, tuple[types.CodeType, str]] = {}

    def convert(self, function: types.FunctionType) -> types.FunctionType:
        """The converted function, with the globals, closure and defaults of `function`.

        Raises:
            UnsupportedSource: No source, or syntax that cannot be converted.
        """
        code, _ = self._factory(function)
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        make = types.FunctionType(
            code,
            function.__globals__,
            closure=tuple(cells[name] for name in code.co_freevars),
        )
        converted = make(self._operators)
        converted.__code__ = converted.__code__.replace(
            co_name=function.__name__, co_qualname=function.__qualname__
        )
        converted.__defaults__ = function.__defaults__
        converted.__kwdefaults__ = function.__kwdefaults__
        return converted

    def source(self, function: types.FunctionType) -> str:
        """Text of the converted function."""
        return self._factory(function)[1]

    def _factory(self, function: types.FunctionType) -> tuple[types.CodeType, str]:
        found = self._factories.get(function.__code__)
        if found is None:
            with self._lock:
                try:
                    found = self._build(function)
                except (errors.PyCTError, OSError, SyntaxError, NotImplementedError) as error:
                    raise UnsupportedSource(str(error)) from error
                except (ValueError, TypeError, AssertionError, AttributeError, KeyError) as error:
                    raise UnsupportedSource(
                        f"its syntax could not be converted ({type(error).__name__}: {error})"
                    ) from error
                self._factories[function.__code__] = found
        return found

    def _build(self, function: types.FunctionType) -> tuple[types.CodeType, str]:
        """Code of ``make(ag__) -> converted function``, and its text."""
        with warnings.catch_warnings():
            # malt parses the user's source again; its syntax warnings were shown when it was loaded.
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            node, source, first_line, column = _parse(function)
            origin_info.resolve(node, source, _file_of(function), first_line, column)
            options = converter.STANDARD_OPTIONS
            namespace = inspect_utils.getnamespace(function)
            namer = naming.Namer(namespace)
            name = namer.new_symbol("converted_" + _name_of(node), ())
            entity = malt_transformer.EntityInfo(
                name=name,
                source_code=source,
                source_file="<fragment>",
                future_features=(),
                namespace=namespace,
            )
            context = malt_transformer.Context(
                entity, namer, converter.ProgramContext(options=options)
            )
            node = _before(self._erase_arg_defaults(node), function)
            node = self.transform_ast(node, context)
            if isinstance(node, ast.Lambda):
                node = ast.Assign([ast.Name(name, ast.Store())], node)
            else:
                node.name = name
            text = parser.unparse([node], include_encoding_marker=False)
            lines = origin_info.create_source_map([node], text, "")
            found = {key.lineno: value.loc.lineno for key, value in lines.items()}
            return _compile(function, text, name, found), text

    def transform_ast(self, node: Any, ctx: Any) -> Any:
        """malt's rewrites in malt's order, with our directives and assertions."""
        unsupported_features_checker.verify(node)
        node = self.initial_analysis(node, ctx)
        node = functions.transform(node, ctx)
        node = _Directives(ctx, self._loop_options).visit(node)
        node = break_statements.transform(node, ctx)
        node = _Asserts(ctx).visit(node)
        node = continue_statements.transform(node, ctx)
        node = return_statements.transform(node, ctx)
        node = call_trees.transform(node, ctx)
        node = control_flow.transform(node, ctx)
        node = conditional_expressions.transform(node, ctx)
        node = logical_expressions.transform(node, ctx)
        return variables.transform(node, ctx)


def _name_of(node: Any) -> str:
    return "lambda" if isinstance(node, ast.Lambda) else node.name


def _file_of(function: types.FunctionType) -> str:
    return function.__code__.co_filename


def _parse(function: types.FunctionType) -> tuple[Any, str, int, int]:
    """Syntax tree of a function, the text it was parsed from, and where that text begins."""
    if function.__name__ == "<lambda>" or function.__code__.co_name == "<lambda>":
        return _parse_lambda(function)
    try:
        lines, first = inspect.getsourcelines(function.__code__)
    except (OSError, TypeError) as error:
        raise UnsupportedSource(f"its source is not available ({error})") from None
    source = parser.dedent_block("".join(lines))
    node = parser.parse(source)
    if not isinstance(node, ast.FunctionDef):
        raise UnsupportedSource(f"its source is no plain function but {type(node).__name__}")
    return node, source, first, len(lines[0]) - len(lines[0].lstrip())


def _parse_lambda(function: types.FunctionType) -> tuple[Any, str, int, int]:
    """A lambda is found in its file by the columns of its code: several may stand on one line."""
    code = function.__code__
    source = "".join(linecache.getlines(code.co_filename, function.__globals__))
    if not source:
        raise UnsupportedSource("its source is not available")
    places = [p for p in code.co_positions() if None not in p and p[2] != p[3]]
    first = min(((p[0], p[2]) for p in places), default=(code.co_firstlineno, 0))
    last = max(((p[1], p[3]) for p in places), default=(code.co_firstlineno, 0))
    around = [
        n
        for n in ast.walk(ast.parse(source))
        if isinstance(n, ast.Lambda)
        and n.lineno == code.co_firstlineno
        and (n.body.lineno, n.body.col_offset) <= first  # type: ignore[operator]
        and last <= (n.body.end_lineno, n.body.end_col_offset)  # type: ignore[operator]
    ]
    if not around:
        raise UnsupportedSource("its source could not be found in its file")
    node = max(around, key=lambda n: (n.lineno, n.col_offset))
    return node, source, node.lineno, node.col_offset


class _Before(ast.NodeTransformer):
    """Rewrites that malt does not know: private names, and ``else`` of loops."""

    def __init__(self, owner: str | None) -> None:
        self._owner = owner
        self._flags = 0

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        private = node.attr.startswith("__") and not node.attr.endswith("__")
        if private and self._owner and self._owner.strip("_"):
            node.attr = f"_{self._owner.lstrip('_')}{node.attr}"
        return node

    def visit_For(self, node: Any) -> Any:
        return self._loop(node)

    def visit_While(self, node: Any) -> Any:
        return self._loop(node)

    def _loop(self, node: Any) -> Any:
        self.generic_visit(node)
        if not node.orelse:
            return node
        self._flags += 1
        flag = f"loop_broke_{self._flags}"
        node.body = _flag_breaks(node.body, flag)
        test = ast.UnaryOp(ast.Not(), ast.Name(flag, ast.Load()))
        after = ast.If(test, node.orelse, [])
        node.orelse = []
        return [_copied(s, node) for s in (_assign(flag, False), node, after)]


def _flag_breaks(body: list[Any], flag: str) -> list[Any]:
    """Statements with ``flag = True`` before each break of this loop."""
    found: list[Any] = []
    for statement in body:
        if isinstance(statement, ast.Break):
            found.append(_copied(_assign(flag, True), statement))
        elif not isinstance(statement, (ast.For, ast.While, ast.FunctionDef, ast.ClassDef)):
            for field in ("body", "orelse", "finalbody"):
                if getattr(statement, field, None):
                    setattr(statement, field, _flag_breaks(getattr(statement, field), flag))
            for handler in getattr(statement, "handlers", ()):
                handler.body = _flag_breaks(handler.body, flag)
        found.append(statement)
    return found


def _assign(name: str, value: Any) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value))


def _copied(node: Any, origin: Any) -> Any:
    """`node` with the place of `origin` where it has none."""
    info = anno.getanno(origin, anno.Basic.ORIGIN, default=None)
    for part in ast.walk(node):
        if isinstance(part, (ast.stmt, ast.expr)) and not hasattr(part, "lineno"):
            ast.copy_location(part, origin)
            if info is not None:
                anno.setanno(part, anno.Basic.ORIGIN, info)
    return node


def _before(node: Any, function: types.FunctionType) -> Any:
    """The tree after our own rewrites."""
    parts = function.__qualname__.split(".")
    owner = parts[-2] if len(parts) > 1 and parts[-2] != "<locals>" else None
    node = _Before(owner).visit(node)
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef) and _returns_a_value(part) and _falls_off(part.body):
            end = ast.Return(ast.Constant(None))
            part.body.append(_copied(end, part.body[-1]))
    return node


def _returns_a_value(function: ast.FunctionDef) -> bool:
    waiting: list[Any] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            return True
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _falls_off(body: list[Any]) -> bool:
    """False when no path leads past the end of these statements, as far as can be seen.

    A function that returns a value on some paths and falls off its end on others returns None there;
    said aloud, a branch that lacks a value is noticed when it is traced.
    """
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return False
    if isinstance(last, ast.If):
        return not last.orelse or _falls_off(last.body) or _falls_off(last.orelse)
    if isinstance(last, ast.With):
        return _falls_off(last.body)
    if isinstance(last, ast.While):
        endless = isinstance(last.test, ast.Constant) and bool(last.test.value)
        return not endless or any(isinstance(n, ast.Break) for n in ast.walk(last))
    if isinstance(last, ast.Try):
        blocks = [last.orelse or last.body, *(h.body for h in last.handlers)]
        if last.finalbody and not _falls_off(last.finalbody):
            return False
        return any(_falls_off(block) for block in blocks)
    return True


class _Directives(directive_converter.DirectivesTransformer):
    """malt's handling of loop options, for our `set_loop_options`."""

    def __init__(self, ctx: Any, loop_options: Callable[..., Any]) -> None:
        super().__init__(ctx)
        self._loop_options = loop_options

    def visit_Expr(self, node: Any) -> Any:
        self.state[directive_converter._LoopScope].statements_visited += 1
        node = self.generic_visit(node)
        if isinstance(node.value, ast.Call):
            called = anno.getanno(node.value.func, directive_converter.STATIC_VALUE, default=None)
            if called is self._loop_options:
                self._process_statement_directive(node.value, directives.set_loop_options)
                return None
        return node


class _Asserts(converter.Base):
    """``assert test, message`` becomes a call."""

    def visit_Assert(self, node: Any) -> Any:
        self.generic_visit(node)
        message = ast.Constant("") if node.msg is None else node.msg
        return templates.replace(
            "ag__.assert_stmt(test, lambda: message)", test=node.test, message=message
        )


def _compile(
    function: types.FunctionType, text: str, name: str, lines: dict[int, int]
) -> types.CodeType:
    """Code of ``make(ag__)``, with the closure variables of `function` free in it."""
    tree = ast.parse(text)
    _relocate(tree, lines, function.__code__.co_firstlineno)
    frame = ast.parse("def ag__scope():\n  def ag__make(ag__):\n    return 0\n  return ag__make")
    scope: Any = frame.body[0]
    make: Any = scope.body[0]
    for part in ast.walk(frame):
        if hasattr(part, "lineno"):
            _place(part, function.__code__.co_firstlineno)
    result = ast.copy_location(ast.Name(name, ast.Load()), make)
    make.body[0].value = result
    make.body[:0] = tree.body
    free = [_assign(variable, None) for variable in function.__code__.co_freevars]
    scope.body[:0] = [ast.fix_missing_locations(ast.copy_location(a, make)) for a in free]
    ast.fix_missing_locations(frame)
    flags = sum(
        getattr(__future__, feature).compiler_flag
        for feature in ("annotations",)
        if function.__code__.co_flags & getattr(__future__, feature).compiler_flag
    )
    code = compile(frame, _file_of(function), "exec", flags=flags, dont_inherit=True)
    inner = next(c for c in code.co_consts if isinstance(c, types.CodeType))
    return next(
        c for c in inner.co_consts if isinstance(c, types.CodeType) and c.co_name == "ag__make"
    )


def _relocate(tree: ast.AST, lines: dict[int, int], first: int) -> None:
    """Gives every node the user's line; lines without one take that of the line before them."""
    by_line: dict[int, int] = {}
    current = first
    last = max((getattr(n, "end_lineno", 0) or 0 for n in ast.walk(tree)), default=0)
    for line in range(1, last + 1):
        current = lines.get(line, current)
        by_line[line] = current
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            _place(node, by_line.get(node.lineno, first))


def _place(node: Any, line: int) -> None:
    node.lineno = node.end_lineno = line
    # No columns: those of the generated code would underline the wrong words.
    node.col_offset = node.end_col_offset = -1
