"""How the bytes of a file are encoded, and their text.

Pure UTF-8 without a coding comment is recognised without the standard library's `tokenize`, which is costly to import.
"""

from __future__ import annotations

from closurelint.diagnostic import Position
from closurelint.sources.program import SourceProblem

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# Codecs that Python accepts in a coding comment but that are no encodings of source text: two of them take quadratic
# time, the others warn or let bytes stand for other characters.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape"})


def python_encoding(data: bytes) -> str:
    """The encoding that Python would read this source with (PEP 263).

    Raises SourceProblem for an encoding that is unknown, or that contradicts the byte order mark.
    """
    end = data.find(b"\n", data.find(b"\n") + 1)
    head = data[: end if end >= 0 else len(data)]
    if b"coding" not in head:
        return "utf-8-sig" if data.startswith(BYTE_ORDER_MARK) else "utf-8"
    import codecs
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).readline)
        refused = codecs.lookup(encoding).name in _REFUSED
    except (SyntaxError, LookupError, ValueError) as error:
        raise SourceProblem(
            f"the coding comment cannot be used ({error}): name the encoding that the file is saved in", Position(1, 1)
        ) from None
    if refused:
        raise SourceProblem(
            f"the coding comment names {encoding}, which is no encoding for source text: save the file as UTF-8",
            Position(1, 1),
        )
    return encoding


def decoded(data: bytes, encoding: str, remedy: str = "save it as UTF-8") -> str:
    """`data` as text, or a SourceProblem that names the first byte that is no `encoding`, and the `remedy`."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
        place = Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
        shown = error.object[error.start]
        raise SourceProblem(
            f"byte 0x{shown:02x} is not {encoding}, so the file was not read: {remedy}", place
        ) from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise SourceProblem(f"the file is not {encoding} ({error}): save it as UTF-8", Position(1, 1)) from None
