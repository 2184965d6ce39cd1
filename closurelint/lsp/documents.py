"""What the client has open: texts and notebooks, saved or not.

The client is not trusted: a change of what was never opened is ignored, a position outside a text becomes the nearest
inside, and a name that is no path gets one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from closurelint.diagnostic import Range
from closurelint.lsp.positions import Encoding, Lines
from closurelint.sources.source import kind_of

LARGEST = 4_000_000
"""Characters: a larger text is not written by hand."""

DOCUMENT_LANGUAGES = {"markdown": ".md", "restructuredtext": ".rst", "quarto": ".qmd"}


class TextDocument:
    """One text. `edition` counts its changes, whatever the client says of versions."""

    def __init__(self, item: types.TextDocumentItem, encoding: Encoding) -> None:
        self.uri, self.version, self.language = item.uri, item.version, item.language_id
        self.edition = 0
        self.lines = Lines(item.text, encoding)
        self.filename = filename_of(item.uri, DOCUMENT_LANGUAGES.get(item.language_id, ".py"))

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.lines.text

    def change(self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent]) -> None:
        """Apply what the client says has changed, one after the other."""
        for change in changes:
            text, lines = change.text, self.lines
            if isinstance(change, types.TextDocumentContentChangePartial):
                start = lines.offset(change.range.start)
                end = max(start, lines.offset(change.range.end))
                text = lines.text[:start] + change.text + lines.text[end:]
            self.lines = Lines(text, lines.encoding)
        self.version = version
        self.edition += 1

    @property
    def uris(self) -> tuple[str, ...]:
        """The names under which the client knows parts of it."""
        return (self.uri,)

    @property
    def is_checked(self) -> bool:
        """Whether it is of a kind that can be checked: not a notebook's JSON, and nothing endless."""
        kind = kind_of(self.filename)
        if kind == "notebook" or len(self.text) > LARGEST:
            return False
        return kind == "document" or self.language == "python" or self.filename.endswith((".py", ".pyw", ".pyi"))

    def content(self) -> str:
        """What is checked; half of a surrogate pair becomes a replacement character."""
        return whole(self.text)

    def part(self, place: Range) -> TextDocument | None:
        """The text that an engine's range is in."""
        return self if place.cell is None else None

    def cell_of(self, uri: str) -> int | None:
        """The number that the engine gives to a part of it, None for the whole."""
        return None


class Notebook:
    """A notebook whose cells are texts of their own. The engine gets it as the JSON that would be saved."""

    def __init__(self, document: types.NotebookDocument, encoding: Encoding) -> None:
        self.uri, self.version = document.uri, document.version
        self.edition = 0
        self.cells: list[types.NotebookCell] = list(document.cells)
        self.texts: dict[str, TextDocument] = {}
        self.metadata = document.metadata
        self._encoding = encoding
        name = filename_of(document.uri, ".ipynb")
        self.filename = name if kind_of(name) == "notebook" else f"{name}.ipynb"

    def open(self, items: Iterable[types.TextDocumentItem]) -> None:
        """Take the texts of cells."""
        for item in items:
            self.texts[item.uri] = TextDocument(item, self._encoding)

    def change(self, version: int, change: types.NotebookDocumentChangeEvent) -> None:
        """Apply what the client says has changed. What is closed and opened at once has changed its language."""
        self.version = version
        self.edition += 1
        if change.metadata is not None:
            self.metadata = change.metadata
        cells = change.cells
        if cells is None:
            return
        if cells.structure is not None:
            start = max(0, cells.structure.array.start)
            end = start + max(0, cells.structure.array.delete_count)
            self.cells[start:end] = cells.structure.array.cells or []
            for closed in cells.structure.did_close or []:
                self.texts.pop(closed.uri, None)
            self.open(cells.structure.did_open or [])
        for data in cells.data or []:
            self.cells = [data if cell.document == data.document else cell for cell in self.cells]
        for content in cells.text_content or []:
            text = self.texts.get(content.document.uri)
            if text is not None:
                text.change(content.document.version, content.changes)

    @property
    def code(self) -> list[TextDocument]:
        """The code cells in order: what the engine counts from 1."""
        code = types.NotebookCellKind.Code
        found = (self.texts.get(cell.document) for cell in self.cells if cell.kind == code)
        return [text for text in found if text is not None]

    @property
    def uris(self) -> tuple[str, ...]:
        """The names under which the client knows parts of it."""
        return tuple(self.texts)

    @property
    def is_checked(self) -> bool:
        """Whether there is a reasonable amount of it."""
        return sum(len(text.text) for text in self.texts.values()) <= LARGEST

    def content(self) -> str:
        """The notebook's JSON, as far as the engine reads it."""
        cells = [
            {
                "cell_type": "code",
                "source": whole(text.text),
                "metadata": {} if text.language == "python" else {"vscode": {"languageId": text.language}},
            }
            for text in self.code
        ]
        return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    def part(self, place: Range) -> TextDocument | None:
        """The cell that an engine's range is in; what is said of the whole stands in the first."""
        code = self.code
        index = (place.cell or 1) - 1
        return code[index] if 0 <= index < len(code) else None

    def cell_of(self, uri: str) -> int | None:
        """The number that the engine gives to a cell."""
        return next((number for number, text in enumerate(self.code, 1) if text.uri == uri), None)


Unit = TextDocument | Notebook
"""What is checked as a whole."""


class Documents:
    """Everything that is open, by the names that the client gives."""

    def __init__(self, encoding: Encoding = types.PositionEncodingKind.Utf16) -> None:
        self.encoding = encoding
        self._units: dict[str, Unit] = {}

    def open(self, item: types.TextDocumentItem) -> TextDocument:
        """Take a text."""
        unit = TextDocument(item, self.encoding)
        self._units[item.uri] = unit
        return unit

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> Notebook:
        """Take a notebook with its cells."""
        unit = Notebook(params.notebook_document, self.encoding)
        unit.open(params.cell_text_documents)
        self._units[unit.uri] = unit
        return unit

    def close(self, uri: str) -> Unit | None:
        """Let go of a text or a notebook; gives it back if it was there."""
        return self._units.pop(uri, None)

    def get(self, uri: str) -> Unit | None:
        """What is open under exactly this name."""
        return self._units.get(uri)

    def holding(self, uri: str) -> Unit | None:
        """The text of this name, or the notebook that has the cell of this name."""
        unit = self._units.get(uri)
        if unit is not None:
            return unit
        return next((each for each in self._units.values() if uri in each.uris), None)

    def text(self, uri: str) -> TextDocument | None:
        """The text or the cell of this name."""
        unit = self.holding(uri)
        return unit.texts.get(uri) if isinstance(unit, Notebook) else unit

    def of_file(self, filename: str) -> Unit | None:
        """What is open of a file."""
        return next((unit for unit in self._units.values() if unit.filename == filename), None)


def whole(text: str) -> str:
    """Text that every encoding can write: half of a surrogate pair becomes a replacement character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def filename_of(uri: str, suffix: str) -> str:
    """The path of a file, or for what is no file a name in the working directory."""
    try:
        path = to_fs_path(uri)
        name = unquote(urlsplit(uri).path)
    except ValueError:
        path, name = None, uri
    if path and "\0" not in path:
        return os.path.normpath(path)
    base = os.path.basename(name.replace("\\", "/").replace("\0", "")) or "untitled"
    return os.path.join(os.getcwd(), base if base.endswith(suffix) else base + suffix)


def uri_of(filename: str) -> str:
    """The name of a file that the client has not open."""
    return from_fs_path(os.path.abspath(filename)) or ""
