"""What a formula looks like in bytes; loaded where a search for plain words leaves a doubt."""

from __future__ import annotations

import re

_MINUS = re.compile(rb"(?<!return )-=?[ \t\n\\]*[^\W\d]|-=?[ \t\n\\]*[(\[]|\bimag\b")
"""A minus before what may be a result: no number, no arrow. Or the imaginary part that a complex step leads to."""
_TIMES = re.compile(rb"[\w)\]][ \t\n\\]*(?:/|\*(?!\*))=?[ \t\n\\]*[\w(\[+-]")
"""A division or a multiplication of two things."""
_TEXT = re.compile(
    rb"""
      \"{3} [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* (?:\"{3})? | " [^"\\\n]* (?: \\. [^"\\\n]* )* "?
    | \'{3} [^'\\]* (?: (?: \\. | '(?!\'\') ) [^'\\]* )* (?:\'{3})? | ' [^'\\\n]* (?: \\. [^'\\\n]* )* '?
    | [#][^\n]*
    """,
    re.DOTALL | re.VERBOSE,
)
"""A string, which may have lost its end, or a comment."""


def is_quotient(body: bytes) -> bool:
    """Whether something is subtracted, and something divided or multiplied, other than in what is said about it."""
    return _is_quotient(body) and _is_quotient(_TEXT.sub(_formulas, body))


def _is_quotient(body: bytes) -> bool:
    return _MINUS.search(body) is not None and _TIMES.search(body) is not None


def _formulas(text: re.Match[bytes]) -> bytes:
    """The formulas in a text: a string may have some only if it says so."""
    before = text.string[max(text.start() - 2, 0) : text.start()].lower()
    return text[0] if before.endswith((b"f", b"fr")) else b""
