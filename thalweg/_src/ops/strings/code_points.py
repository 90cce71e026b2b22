"""Sets of code points as sorted ranges, and regular expressions of the UTF-8 bytes that spell them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from thalweg._src.ops.strings.scripts import script_ranges

# Pairs (first, last), sorted, neither overlapping nor touching.
Ranges = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
ASCII = 0x7F
# Last code points that UTF-8 spells with one, two and three bytes.
_SIZES = (0x7F, 0x7FF, 0xFFFF)
# Cased letters end here; all other code points are their own only form.
_CASED = 0x1E944
NEVER = b"(?!)"


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Set of all code points in any of the ranges."""
    merged: list[list[int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return tuple((first, last) for first, last in merged)


def complement(ranges: Ranges) -> Ranges:
    """Set of all other code points."""
    starts = [0, *(last + 1 for _, last in ranges)]
    ends = [*(first - 1 for first, _ in ranges), LAST]
    return tuple((a, b) for a, b in zip(starts, ends, strict=True) if a <= b)


def upto(ranges: Ranges, limit: int) -> Ranges:
    """The code points of a set that are not above `limit`."""
    return tuple((first, min(last, limit)) for first, last in ranges if first <= limit)


# --- Properties ---------------------------------------------------------------------------------------


@functools.cache
def _categories() -> list[str]:
    return [unicodedata.category(chr(point)) for point in range(LAST + 1)]


@functools.cache
def property_ranges(name: str) -> Ranges | None:
    """Code points of a general category (``L``, ``Lu``) or a script (``Greek``); None for no such name.

    Source: The Unicode Standard, tables 4-4 and Scripts.txt.
    """
    if name == "Any":
        return ((0, LAST),)
    script = script_ranges(name)
    if script is not None:
        return union(script)
    if not re.fullmatch("[A-Z][a-z]?", name):
        return None
    return union((p, p) for p, c in enumerate(_categories()) if c.startswith(name)) or None


@functools.cache
def _forms() -> dict[int, set[int]]:
    """For each cased code point, those that differ from it in case only."""
    groups: dict[str, set[int]] = {}
    for point in range(_CASED):
        letter = chr(point)
        for form in (letter.casefold(), letter.lower(), letter):
            if len(form) == 1:
                # A folded letter may have a lower form again, as the sharp s has.
                groups.setdefault(form, set()).add(point)
                break
    return {p: group for group in groups.values() if len(group) > 1 for p in group}


def folded(ranges: Ranges) -> Ranges:
    """The set with all forms of its letters.

    Source: The Unicode Standard, section 5.18, simple case folding.
    """
    forms = _forms()
    extra = [
        (form, form)
        for first, last in ranges
        for point in range(first, min(last, _CASED) + 1)
        for form in forms.get(point, ())
    ]
    return union((*ranges, *extra))


# --- Bytes --------------------------------------------------------------------------------------------


def expression(ranges: Ranges) -> bytes:
    """Regular expression that matches the UTF-8 bytes of one code point of the set."""
    alternatives: list[bytes] = []
    plain = upto(ranges, ASCII)
    if plain:
        alternatives.append(_class_of(plain))
    longer: dict[tuple[tuple[int, int], ...], list[tuple[int, int]]] = {}
    for first, last in ranges:
        if last > ASCII:
            for *head, tail in _spellings(max(first, ASCII + 1), last):
                longer.setdefault(tuple(head), []).append(tail)
    for heads, tails in longer.items():
        alternatives.append(b"".join([*(_class_of([h]) for h in heads), _class_of(union(tails))]))
    if not alternatives:
        return NEVER
    if plain and not longer:
        return alternatives[0]
    return b"(?:" + b"|".join(alternatives) + b")"


def _class_of(ranges: Iterable[tuple[int, int]]) -> bytes:
    """Class of single bytes."""
    spans = [rb"\x%02x" % a if a == b else rb"\x%02x-\x%02x" % (a, b) for a, b in ranges]
    if len(spans) == 1 and len(spans[0]) == 4:
        return spans[0]
    return b"[" + b"".join(spans) + b"]"


def _spellings(first: int, last: int) -> Iterator[list[tuple[int, int]]]:
    """Ranges of bytes, one for each place, which together spell a range of code points above ASCII."""
    for limit in _SIZES:
        if first <= limit < last:
            yield from _spellings(first, limit)
            yield from _spellings(limit + 1, last)
            return
    for bits in (6, 12, 18):
        low = (1 << bits) - 1
        if first & ~low != last & ~low:
            # Places before the last `bits` differ, so that these must run over their whole range.
            if first & low:
                yield from _spellings(first, first | low)
                yield from _spellings((first | low) + 1, last)
                return
            if last & low != low:
                yield from _spellings(first, (last & ~low) - 1)
                yield from _spellings(last & ~low, last)
                return
    one, other = (chr(p).encode("utf-8", "surrogatepass") for p in (first, last))
    yield list(zip(one, other, strict=True))
