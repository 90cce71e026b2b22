"""RE2's regular expressions as expressions of Python's `re` over bytes.

Both prefer the leftmost match and, of those, the one that a backtracking search finds first. They differ in
syntax, and RE2 reads texts as UTF-8: a dot is a whole character, never a byte that is none. Expressions
over bytes say exactly that. What RE2 refuses (looking around, references back) is refused here too.

Source: RE2, doc/syntax.txt.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, NoReturn

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.ops.strings import code_points
from thalweg._src.ops.strings.code_points import Ranges, complement, union, upto

_MOST_REPEATS = 1000
# Repeats up to which the ways to share a text among them stay few.
_FEW_REPEATS = 3
_ANY: Ranges = ((0, code_points.LAST),)
_NEWLINE: Ranges = ((10, 10),)
_ESCAPES = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_DIGITS, _UPPER, _LOWER = (48, 57), (65, 90), (97, 122)
_WORD: Ranges = (_DIGITS, _UPPER, (95, 95), _LOWER)
_BLANKS: Ranges = ((9, 10), (12, 13), (32, 32))
_PERL: dict[str, Ranges] = {"d": (_DIGITS,), "s": _BLANKS, "w": _WORD}
_POSIX: dict[str, Ranges] = {
    "alnum": (_DIGITS, _UPPER, _LOWER),
    "alpha": (_UPPER, _LOWER),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": (_DIGITS,),
    "graph": ((33, 126),),
    "lower": (_LOWER,),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": (_UPPER,),
    "word": _WORD,
    "xdigit": (_DIGITS, (65, 70), (97, 102)),
}
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_PLAIN_PUNCTUATION = frozenset(string.punctuation)


class _Part(NamedTuple):
    """Piece of an expression.

    Attributes:
        text: Expression for `re`, of one item.
        least: Fewest bytes that it matches.
        repeats: Product of the counts inside, which RE2 bounds.
        used: Code points that it may match anywhere.
        first: Code points with which it begins; None where it may be empty, or that is not known.
        single: Whether it is one code point.
        varies: Whether it may match a text and the text's beginning, too, or one text in several ways.
        risky: Whether a search that goes back and tries again may take time exponential in the text.
    """

    text: bytes
    least: int = 0
    repeats: int = 1
    used: Ranges = ()
    first: Ranges | None = None
    single: bool = False
    varies: bool = False
    risky: bool = False


@dataclass(frozen=True)
class _Flags:
    i: bool = False
    m: bool = False
    s: bool = False
    U: bool = False


@dataclass(frozen=True)
class Translation:
    """Result of `translate`.

    Attributes:
        pattern: Expression for `re` over bytes.
        groups: Number of capturing groups.
        least: Fewest bytes that a match has.
        risky: Whether Python's engine may take time exponential in the length of a text.
    """

    pattern: bytes
    groups: int
    least: int
    risky: bool


def translate(pattern: bytes, ascii_only: bool = False) -> Translation:
    """Expression for Python's `re` that matches what RE2 matches.

    Args:
        pattern: Expression in RE2's syntax, in UTF-8.
        ascii_only: The texts hold nothing but ASCII, so that the expression can be a short one.

    Raises:
        InvalidArgumentError: RE2 has no such expression.
    """
    try:
        text = pattern.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidArgumentError(
            f"[regex] expected a pattern in UTF-8, got {pattern!r}; encode it, or match single bytes "
            r"with \C."
        ) from None
    reader = _Reader(text, code_points.ASCII if ascii_only else code_points.LAST)
    try:
        part = reader.alternatives()
    except RecursionError:
        reader.refuse("expression nests too deeply", text[:40])
    if reader.at < len(text):
        reader.refuse("unexpected )", ")")
    return Translation(part.text, reader.groups, part.least, part.risky)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self.flags = _Flags()
        self.limit = limit

    def refuse(self, problem: str, piece: str) -> NoReturn:
        raise InvalidArgumentError(
            f"[regex] expected a pattern in the syntax of RE2, got {self.text!r}: {problem}: {piece}; see "
            "https://github.com/google/re2/wiki/Syntax."
        )

    def taken(self, piece: str) -> bool:
        """Steps over `piece` where it comes next."""
        found = self.text.startswith(piece, self.at)
        self.at += len(piece) if found else 0
        return found

    def one_of(self, ranges: Ranges, fold: bool = True) -> _Part:
        """Any code point of a set."""
        if fold and self.flags.i:
            ranges = code_points.folded(ranges)
        ranges = upto(ranges, self.limit)
        shortest = len(chr(ranges[0][0]).encode("utf-8", "surrogatepass")) if ranges else 1
        return _Part(
            code_points.expression(ranges), shortest, used=ranges, first=ranges, single=True
        )

    # --- Structure ------------------------------------------------------------------------------------

    def alternatives(self) -> _Part:
        """Everything up to the end of a group or of the pattern; flags set inside end there."""
        outer = self.flags
        options = [self.sequence()]
        while self.taken("|"):
            options.append(self.sequence())
        self.flags = outer
        if len(options) == 1:
            return options[0]
        firsts = [o.first for o in options if o.first is not None]
        clear = len(firsts) == len(options) and _are_apart(firsts)
        return _Part(
            b"(?:" + b"|".join(o.text for o in options) + b")",
            min(o.least for o in options),
            max(o.repeats for o in options),
            _joined(o.used for o in options),
            _joined(firsts) if len(firsts) == len(options) else None,
            varies=not clear or any(o.varies for o in options),
            risky=any(o.risky for o in options),
        )

    def sequence(self) -> _Part:
        parts: list[_Part] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            if self.text.startswith(r"\Q", self.at):
                parts += self.quoted()
                continue
            repeated = self.repetition(parts[-1] if parts else None)
            if repeated is not None:
                parts[-1] = repeated
                continue
            part = self.item()
            if part is not None:
                parts.append(part)
        if len(parts) == 1:
            return parts[0]
        return _Part(
            b"".join(p.text for p in parts),
            sum(p.least for p in parts),
            max((p.repeats for p in parts), default=1),
            _joined(p.used for p in parts),
            parts[0].first if parts else None,
            varies=any(p.varies for p in parts) and not _is_fenced(parts),
            risky=any(p.risky for p in parts),
        )

    def quoted(self) -> list[_Part]:
        """Literal text between the escapes Q and E."""
        self.at += 2
        end = self.text.find(r"\E", self.at)
        literal = self.text[self.at :] if end < 0 else self.text[self.at : end]
        self.at = len(self.text) if end < 0 else end + 2
        return [self.one_of(((ord(c), ord(c)),)) for c in literal]

    def repetition(self, part: _Part | None) -> _Part | None:
        """`part` repeated as the operator that comes next says; None where none comes."""
        start = self.at
        bounds = self.bounds()
        if bounds is None:
            return None
        operator = self.text[start : self.at]
        if part is None:
            self.refuse("no argument for repetition operator", operator)
        least, most, counted = bounds
        lazy = self.taken("?") != self.flags.U
        first = self.text[start : self.at]
        after = self.at
        if self.bounds() is not None:
            self.refuse("bad repetition operator", first + self.text[after : self.at])
        largest = least if most is None else most
        repeats = part.repeats * max(largest, 1) if counted else part.repeats
        if max(largest, repeats if largest > 1 else 0) > _MOST_REPEATS or largest < least:
            self.refuse("invalid repetition size", operator)
        count = b"{%d,%s}" % (least, b"" if most is None else b"%d" % most)
        many = most is None or most > _FEW_REPEATS
        return _Part(
            b"(?:%s)%s%s" % (part.text, count, b"?" * lazy),
            part.least * least,
            repeats,
            part.used,
            part.first if least else None,
            varies=part.varies or least != most,
            risky=part.risky or (many and part.varies),
        )

    def bounds(self) -> tuple[int, int | None, bool] | None:
        """Fewest and most repeats of the operator that comes next, and whether it states them."""
        for operator, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self.taken(operator):
                return least, most, False
        found = _REPEAT.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        least = int(found[1])
        if found[2] is None:
            return least, least, True
        return least, int(found[3]) if found[3] else None, True

    def item(self) -> _Part | None:
        """One item; None where only flags were set."""
        character = self.text[self.at]
        if character == "(":
            return self.group()
        if character == "[":
            return self.one_of(self.bracket(), fold=False)
        self.at += 1
        if character == "\\":
            return self.escape()
        if character == ".":
            return self.one_of(_ANY if self.flags.s else complement(_NEWLINE), fold=False)
        if character == "^":
            return _Part(b"(?m:^)" if self.flags.m else rb"\A")
        if character == "$":
            return _Part(b"(?m:$)" if self.flags.m else rb"\Z")
        return self.one_of(((ord(character), ord(character)),))

    def group(self) -> _Part | None:
        start = self.at
        self.at += 1
        opening = b"(?:"
        if self.taken("?P<"):
            end = self.text.find(">", self.at)
            name = self.text[self.at : max(end, self.at)]
            if not re.fullmatch(r"\w+", name):
                self.refuse("invalid named capture group", self.text[start : max(end, self.at) + 1])
            self.at = end + 1
            opening = b"("
        elif self.taken("?"):
            before, scoped = self.flags, self.read_flags(start)
            if not scoped:
                return None
            inner = self.closed_group(start)
            self.flags = before
            return inner._replace(text=b"(?:" + inner.text + b")")
        else:
            opening = b"("
        self.groups += opening == b"("
        inner = self.closed_group(start)
        return inner._replace(text=opening + inner.text + b")")

    def closed_group(self, start: int) -> _Part:
        inner = self.alternatives()
        if not self.taken(")"):
            self.refuse("missing )", self.text[start:])
        return inner

    def read_flags(self, start: int) -> bool:
        """Sets the flags of ``(?flags)`` or ``(?flags:``; True for the latter."""
        sign, changed, dangling = True, self.flags, False
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character in ":)" and not dangling:
                self.flags = changed
                return character == ":"
            if character == "-" and sign:
                sign, dangling = False, True
            elif character in "imsU":
                changed, dangling = replace(changed, **{character: sign}), False
            else:
                self.refuse("invalid perl operator", self.text[start : self.at])
        self.refuse("missing )", self.text[start:])

    # --- Characters -----------------------------------------------------------------------------------

    def escape(self) -> _Part:
        """What follows a backslash outside of brackets."""
        if self.at == len(self.text):
            self.refuse("trailing \\", "\\")
        character = self.text[self.at]
        simple = {"A": rb"\A", "z": rb"\Z", "b": rb"\b", "B": rb"(?!\b)"}.get(character)
        if simple is not None:
            self.at += 1
            return _Part(simple)
        if self.taken("C"):
            return _Part(rb"[\x00-\xff]", 1, used=_ANY, first=_ANY)
        found = self.escaped_class()
        if found is not None:
            return self.one_of(found, fold=False)
        point = self.escaped_point()
        return self.one_of(((point, point),))

    def escaped_class(self) -> Ranges | None:
        """Set that an escape names, the backslash being read; None for other escapes."""
        character = self.text[self.at : self.at + 1]
        if character and character.lower() in _PERL:
            self.at += 1
            ranges = _PERL[character.lower()]
            return complement(ranges) if character.isupper() else ranges
        if not character or character not in "pP":
            return None
        start = self.at
        self.at += 1
        name = self.text[self.at : self.at + 1]
        if name == "{":
            end = self.text.find("}", self.at)
            name = self.text[self.at + 1 : max(end, self.at)]
            self.at = end + 1 if end >= 0 else len(self.text)
        else:
            self.at += 1
        negated = (character == "P") != name.startswith("^")
        ranges_ = code_points.property_ranges(name.removeprefix("^"))
        if ranges_ is None:
            self.refuse("invalid character class range", "\\" + self.text[start : self.at])
        if self.flags.i:
            ranges_ = code_points.folded(ranges_)
        return complement(ranges_) if negated else ranges_

    def escaped_point(self) -> int:
        """Code point that an escape names, the backslash being read."""
        start = self.at
        if start == len(self.text):
            self.refuse("trailing \\", "\\")
        character = self.text[start]
        self.at += 1
        octal = re.compile("[0-7]{2,3}|0").match(self.text, start)
        if octal is not None:
            self.at = octal.end()
            return int(octal[0], 8)
        if character == "x":
            number = re.compile(r"x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})").match(self.text, start)
            point = int(number[1] or number[2], 16) if number else code_points.LAST + 1
            if number is not None and point <= code_points.LAST:
                self.at = number.end()
                return point
            self.refuse("invalid escape sequence", "\\" + self.text[start : start + 2])
        if character in _ESCAPES:
            return _ESCAPES[character]
        if character not in _PLAIN_PUNCTUATION:
            self.refuse("invalid escape sequence", "\\" + character)
        return ord(character)

    def bracket(self) -> Ranges:
        """Set in brackets."""
        start = self.at
        self.at += 1
        negated = self.taken("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or not self.taken("]"):
            first = False
            if self.at >= len(self.text):
                self.refuse("missing ]", self.text[start:])
            named = self.named_set()
            if named is not None:
                found += named
                continue
            span = self.span()
            found += code_points.folded((span,)) if self.flags.i else (span,)
        ranges = union(found)
        return complement(ranges) if negated else ranges

    def named_set(self) -> Ranges | None:
        """A named set inside brackets; None where a single character comes."""
        posix = re.compile(r"\[:(\^?)(.*?):\]").match(self.text, self.at)
        if posix is not None:
            self.at = posix.end()
            ranges = _POSIX.get(posix[2])
            if ranges is None:
                self.refuse("invalid character class range", posix[0])
            return complement(ranges) if posix[1] else ranges
        if self.text[self.at] != "\\":
            return None
        self.at += 1
        found = self.escaped_class()
        if found is None:
            self.at -= 1
        return found

    def span(self) -> tuple[int, int]:
        """A character, or a range of characters, inside brackets."""
        start = self.at
        first = self.point()
        ahead = self.text[self.at + 1 : self.at + 2]
        if not self.text.startswith("-", self.at) or ahead in ("", "]"):
            return first, first
        self.at += 1
        last = self.point()
        if last < first:
            self.refuse("invalid character class range", self.text[start : self.at])
        return first, last

    def point(self) -> int:
        if self.taken("\\"):
            return self.escaped_point()
        self.at += 1
        return ord(self.text[self.at - 1])


def _joined(sets: Iterable[Ranges]) -> Ranges:
    return union(span for ranges in sets for span in ranges)


def _are_apart(sets: Sequence[Ranges]) -> bool:
    """True when no code point is in two of the sets."""
    return _count(_joined(sets)) == sum(map(_count, sets))


def _count(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def _is_fenced(parts: Sequence[_Part]) -> bool:
    """True when the first or last item is a character that no other one matches.

    Such characters tell where each repeat of the items begins, so that there is one way to part a text.
    """
    ends = ((parts[0], parts[1:]), (parts[-1], parts[:-1]))
    return any(
        end.single and _are_apart([end.used, _joined(p.used for p in others)]) for end, others in ends
    )
