"""The bytes of a file, as programs.

Plain Python takes the short way: detect the encoding, decode, done. Notebooks and documents are read by modules of
their own, which are loaded when the first of them turns up.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from closurelint.diagnostic import Edit
from closurelint.files import read_file
from closurelint.sources.encoding import BYTE_ORDER_MARK, decoded, python_encoding
from closurelint.sources.program import LineOrigin, Program, SourceProblem, without_carriage_returns

__all__ = [
    "Kind",
    "LineOrigin",
    "Program",
    "SourceFile",
    "SourceProblem",
    "kind_of",
    "read_source",
    "source_from_bytes",
]

Kind = Literal["python", "notebook", "document"]

DOCUMENT_SUFFIXES = frozenset({".md", ".markdown", ".rst", ".txt", ".qmd"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: its bytes, how they are encoded, and the programs that are in it, in order."""

    filename: str
    data: bytes
    encoding: str
    kind: Kind
    programs: tuple[Program, ...]

    def doctests(self, naming: Collection[str] | None = None) -> tuple[Program, ...]:
        """The examples in a Python file's docstrings: a program for each docstring that makes a function.

        Found only when asked for, and cheap where no `>>>` occurs. naming: only those that mention one of these names.
        """
        if self.kind != "python" or b">>>" not in self.data or self.programs[0].origins is not None:
            return ()
        from closurelint.sources.docstrings import docstring_programs

        return docstring_programs(self.programs[0].text, self.filename, naming)

    def edited(self, edits: Sequence[Edit]) -> bytes:
        """The file's bytes after `edits`, given in file coordinates; what is outside them stays byte for byte.

        Where all lines of the file end in `\\r\\n`, so do inserted ones. Raises ValueError if edits overlap or lie
        outside the file, SourceProblem if new text cannot be written in the file's encoding.
        """
        if not edits:
            return self.data
        if self.kind == "notebook":
            from closurelint.sources.notebook import edited_notebook

            return edited_notebook(self.data, edits)
        from closurelint.sources.splice import replacements

        text = self.data.decode(self.encoding)
        return _with_replacements(self.data, text, self.encoding, replacements(text, edits))


def read_source(path: str) -> SourceFile:
    """Read the file at `path`.

    Raises OSError if it cannot be read or is no regular file, SourceProblem if it cannot be decoded.
    """
    return source_from_bytes(read_file(path), path)


def source_from_bytes(data: bytes, filename: str) -> SourceFile:
    """The programs in `data`; `filename` decides what kind of file it is.

    Raises SourceProblem if the bytes cannot be decoded, or a notebook's JSON is broken.
    """
    kind = kind_of(filename)
    if kind == "notebook":
        from closurelint.sources.notebook import notebook_programs

        encoding, programs = notebook_programs(data)
        return SourceFile(filename, data, encoding, kind, programs)
    if kind == "document":
        from closurelint.sources.document import document_programs

        encoding = "utf-8-sig" if data.startswith(BYTE_ORDER_MARK) else "utf-8"
        text = without_carriage_returns(decoded(data, encoding))
        return SourceFile(filename, data, encoding, kind, document_programs(text, _suffix(filename)))
    encoding = python_encoding(data)
    remedy = "save it as UTF-8" + " or name its encoding in a coding comment" * (encoding == "utf-8")
    text = without_carriage_returns(decoded(data, encoding, remedy))
    return SourceFile(filename, data, encoding, kind, (python_program(text),))


def python_program(text: str) -> Program:
    """The program of a Python file whose lines end in `\n`."""
    if not is_marimo(text):
        return Program(text)
    from closurelint.sources.marimo import marimo_program

    return marimo_program(text)


def is_marimo(text: str) -> bool:
    """Whether the text of a Python file may be a notebook of Marimo, whose program is another text."""
    return "marimo.App(" in text


def kind_of(filename: str) -> Kind:
    """What a file of this name is read as; everything that is no notebook and no document is Python."""
    suffix = _suffix(filename)
    if suffix == ".ipynb":
        return "notebook"
    return "document" if suffix in DOCUMENT_SUFFIXES else "python"


def _suffix(filename: str) -> str:
    return os.path.splitext(filename)[1].lower()


def _with_replacements(data: bytes, text: str, encoding: str, found: Sequence[tuple[int, int, str]]) -> bytes:
    """`data`, which decodes to `text`, with characters replaced.

    Some encodings write one character in several ways, so bytes outside the edits are copied, never encoded again.
    """
    ends = _byte_offsets(data, text, encoding, [offset for start, end, _ in found for offset in (start, end)])
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    pieces: list[bytes] = []
    at = 0
    try:
        for (_, _, new), start, end in zip(found, ends[::2], ends[1::2], strict=True):
            pieces += (data[at:start], new.encode(plain))
            at = end
    except UnicodeEncodeError as error:
        shown = error.object[error.start]
        raise SourceProblem(f"{shown!r} cannot be written in {encoding}: save the file as UTF-8") from None
    result = b"".join((*pieces, data[at:]))
    from closurelint.sources.splice import Replacement, spliced

    if result.decode(encoding, "replace") != spliced(text, [Replacement(*each) for each in found]):
        raise SourceProblem(f"the edit cannot be written in {encoding}: save the file as UTF-8")
    return result


def _byte_offsets(data: bytes, text: str, encoding: str, offsets: Sequence[int]) -> list[int]:
    """Where in `data` the characters of `text` at the ascending `offsets` start."""
    if text.encode(encoding) == data:
        mark = len(BYTE_ORDER_MARK) if encoding == "utf-8-sig" else 0
        plain = "utf-8" if mark else encoding
        found, at, size = [], 0, mark
        for offset in offsets:
            size += len(text[at:offset].encode(plain))
            at = offset
            found.append(size)
        return found
    import codecs

    decoder = codecs.getincrementaldecoder(encoding)()
    starts, count = [0], 0
    for index in range(len(data)):
        new = len(decoder.decode(data[index : index + 1], final=index + 1 == len(data)))
        count += new
        starts += [index + 1] * new
    return [starts[offset] for offset in offsets]
