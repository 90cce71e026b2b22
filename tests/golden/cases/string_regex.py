"""`tf.strings.regex_*`: RE2's syntax, what it refuses, empty matches, UTF-8."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt
from .strings import plain, tried

cases = Cases()

REPLACED: list[tuple[str | bytes, str]] = [
    ("abxd", "x*"), ("b", "x*?|b"), ("aaa", "^"), ("aaa", "$"), ("a\n", "$"), ("a\nb", "(?m)$"),
    ("a\nb", "(?m)^"), ("é", "."), (b"\xffa", "."), (b"\xffa", r"\C"), ("é", r"\C"), ("éA", "[^a]"),
    ("aé", r"\w"), ("a é\x0b", r"\s"), ("٣3", r"\d"), ("٣3", r"\D"), ("AbÉé", "(?i)é"),
    ("Kk\u212a", "(?i)k"), ("a{,2}", "a{,2}"), ("abc", r"\Qb.\E|c"), ("a]b", "[]]"), ("a]b", "[^]]"),
    ("a-b", "[a\\-z]"), ("ab[:", "[[:alpha:]]"), ("ab1", "[[:^alpha:]]"), ("aΩ", r"\p{Greek}"),
    ("aΩ", r"\pL"), ("aΩ", r"\p{^Greek}"), ("aΩ1", r"\P{L}"), ("aΩ1", r"[\p{L}]"), ("aΩ1", r"[^\p{L}]"),
    ("日本kana かな", r"\p{Han}+"), ("abc", r"\z"), ("abc", r"\A"), ("ab c", r"\b"), ("", r"\B"),
    ("ab", r"\B"), ("aé b", r"\b"), ("a.b", r"\."), ("a_b", r"\_"), ("aab", "(?U)a+"), ("aab", "(?U)a+?"),
    ("a\nb", "(?s)."), ("a\nb", "."), ("ab", "(?i:A)B"), ("ab", "a(?i)B"), ("ab", "a(?i)X|B"),
    ("a\x07b", r"\a"), ("a\x01b", r"\001"), ("aAb", r"\x41"), ("aΩ", r"\x{3a9}"), ("ab", ""), ("ab", "a|"),
    ("ab", "|a"), ("ab", "()"), ("ab", "^*"), ("a\x00b", r"\x00"), ("a\x00b", "\x00"), ("ab", r"\07"),
    ("ab", "(?P<n>a)(?P<n>b)"), ("ab", "a{1"), ("ab", "a{1}{"), ("x{1}", "x\\{1\\}"), ("é", "é{1}"),
    ("ab", "(?-i)a"), ("ab", "(?i-s:A)"), ("ab", "(?)a"), ("ab", "(?:)a"), ("a\r\nb", r"\s+"),
    ("ab", r"[\w-z]"), ("a-", r"[\w-]"), ("ß", "(?i)ß"), ("ẞß", "(?i)ß"), ("ſs", "(?i)s"),
    ("aB", "(?i)[a-b]"), ("aB", "(?i)[^a]"), ("éÉ", "(?i)[é]"), ("ΣσςΔ", "(?i)σ"), (b"\xed\xa0\x80", "."),
    (b"\xc3", "."), (b"a\xc3\xc3\xa9", "."), ("ab", r"\pN*"), ("ab", r"\p{Any}"), ("abC", r"\p{Lu}"),
    ("abC", r"(?i)\p{Lu}"), ("ab", r"[^\x00-\x{10FFFF}]"), ("ab", r"[[:word:]]"), ("ab\x7f", r"[[:cntrl:]]"),
    (" a\x0b", r"[[:space:]]"), ("ab", r"((a*)*)*"), ("ab", r"[a-c-e]"), ("ab", "[[.a.]]"), ("ab", "[[=a=]]"),
    ("ab", "[a&&b]"), ("a", r"(?P<1>a)"), ("a", r"(?P<nä>a)"), ("aaaa", "a{2}"), ("aaaa", "a{2,}"),
    ("aaaa", "a{1,3}?"), ("aé日😀", "[é-日]"), ("aé日😀", "[^é-日]"), ("x😀y", "[😀-😂]"), ("foobar", "(?:foo|foob)"),
    ("<b>x</b>", "<.*?>"), ("<b>x</b>", "<.*>"), ("a.b!c?", "[!\"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\\']"),
    ("a\nb\n", "(?m)b$"), ("ab\n", r"b$"), ("ab", "(|a)+"), ("ab", "(a|b)*?"), ("aé日", "é*"), ("日日", "日??"),
    ("ab", "[a-]"), ("a^b", "[\\^]"), ("a^b", "[b^]"), ("tel 12-34", r"\d{2}-\d{2}"), ("a\\b", r"\\"),
    ("İıI", "(?i)i"), ("ab", r"(?i)\x41"), ("AZaz", "(?i)[y-z]"), ("ab", "(?m-m)^a$|b"),
]  # fmt: skip
REFUSED = [
    "(b", "b)", "a**", "a*+", "a{1001}", "(?=a)", "(?!a)", "(?<=a)", r"(a)\1", "a{2}{3}", r"\Z", "(?<n>a)",
    "(?P=n)", "(?#c)a", "(?x)a b", r"\1", "*", "a|*", "[b-a]", "[a", "\\", r"\8", r"\y", r"\Gab", "[[:foo:]]",
    r"\p{Foo}", "a{2,1}", "(a{500}){3}", r"[\b]", "[a-\\d]", r"[\Qa\E]", "a++", "(?>a)", r"\pX", "a.{0,2000}",
    r"\x{110000}", r"[\x{110000}]", r"\xg", r"\x4", "\\é", "[\\é]", r"\h", r"\R", r"\X", r"\N", r"\e", r"\c",
    r"\k<n>", "(?P>n)", "(?P<>a)", "(?'n'a)", "(?i", "(?-)a", "(?i--s)a", "(", "(?", "[]", "[^]", r"\p", r"\p{L",
    "(*)", "+", "?", "(?P<n", r"[[:alpha:]",
]  # fmt: skip


@cases
def replaced(tf: Any, np: Any) -> Any:
    change = tf.strings.regex_replace
    return {
        f"{text!r} {pattern!r}": [
            plain(change(text, pattern, r"<\0>")),
            plain(change(text, pattern, "-", replace_global=False)),
        ]
        for text, pattern in REPLACED
    }


@cases
def refused(tf: Any, np: Any) -> Any:
    return {p: tried(lambda p=p: tf.strings.regex_replace("ab", p, "-")) for p in REFUSED}


@cases
def rewrites(tf: Any, np: Any) -> Any:
    change = tf.strings.regex_replace
    return {
        "groups": change("abc", "(b)(x)?", r"[\1\0\2]"),
        "backslash": change("abc", "b", r"\\"),
        "template of Python": change("abc", "(b)", r"\\g<1>"),
        "bytes": plain(change("abc", "b", b"\xff")),
        "zero": plain(change("abc", "b", "\0")),
        "missing group": tried(lambda: change("abc", "b", r"\1")),
        "letter": tried(lambda: change("abc", "b", r"\x")),
        "end": tried(lambda: change("abc", "b", "\\")),
        "matrix": change([["a", "b"], ["c", "a"]], "a", "x"),
        "tensors": change(["a"], tf.constant("a"), tf.constant("b")),
        "many patterns": attempt(lambda: change(["a"], tf.constant(["a"]), "b")),
        "numbers": attempt(lambda: change([1], "a", "b")),
    }


@cases
def matches(tf: Any, np: Any) -> Any:
    match = tf.strings.regex_full_match
    pairs = [
        ("ab", "a"), ("ab", "a|ab"), ("ab", "a.*"), ("a\n", "a"), ("a\n", "a$"), ("ab", "^ab$"),
        ("ab", "(?i)AB"), ("", ""), ("a\nb", "a.b"), ("ab", "a*?"), (b"\xff", ".*"), ("éa", "(é|a)+"),
    ]  # fmt: skip
    return {
        "pairs": [match(text, pattern) for text, pattern in pairs],
        "refused": attempt(lambda: match("a", "(")),
        "matrix": match([["a", "b"]], "a"),
    }
