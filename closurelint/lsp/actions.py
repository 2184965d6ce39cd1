"""Code actions: each fix, a comment that silences a diagnostic, and all safe fixes at once.

The edits of a fix travel in the `data` of its diagnostic. The client hands diagnostics back, its own and those of other
servers, and may have changed the text meanwhile: `data` is used only where it is ours, complete, and of this version.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from closurelint.diagnostic import Diagnostic
from closurelint.lsp.documents import Notebook, TextDocument, Unit
from closurelint.lsp.positions import overlap
from closurelint.lsp.translation import SOURCE, Translator
from closurelint.sources.source import source_from_bytes
from closurelint.suppression import comment_edit_of_each

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"


def wants(only: Iterable[types.CodeActionKind | str] | None, kind: str) -> bool:
    """Whether a client that asks for these kinds of actions asks for this one: `source` asks for `source.fixAll`."""
    if only is None:
        return True
    asked = [str(getattr(each, "value", each)) for each in only]
    return any(not each or kind == each or kind.startswith(f"{each}.") for each in asked)


def fixes_of(
    diagnostics: Iterable[Diagnostic],
    asked: types.Range,
    text: TextDocument,
    unit: Unit,
    given: Sequence[types.Diagnostic],
) -> Iterator[types.CodeAction]:
    """The actions for the diagnostics that touch a range of a text, as it is now."""
    translator = Translator(unit, lambda _: None, related=False)
    here = [each for each in diagnostics if unit.part(each.range) is text]
    pairs = [(each, translator.diagnostic(each)) for each in here]
    pairs = [(each, translated) for each, translated in pairs if overlap(translated.range, asked)]
    for _, translated in pairs:
        theirs = next((each for each in given if _is_same(each, translated)), None)
        carried = None if theirs is None else _carried(theirs, text.version)
        yield from _fixes(theirs or translated, _carried(translated, text.version) if carried is None else carried)
    yield from _ignores([pair for pair in pairs if not pair[0].code.startswith("CLO9")], translator, unit)


def _is_same(given: types.Diagnostic, ours: types.Diagnostic) -> bool:
    return given.source == SOURCE and given.code == ours.code and given.range == ours.range


def _carried(given: types.Diagnostic, version: int) -> list[dict[str, Any]] | None:
    """The fixes that a diagnostic carries for this version of the text; None if it carries none that can be used."""
    data = given.data
    if not isinstance(data, dict) or data.get("version") != version or not isinstance(data.get("fixes"), list):
        return None
    try:
        for fix in data["fixes"]:
            workspace_edit(fix["edits"])
            f"{fix['title']}{fix['applicability']}"
    except (KeyError, TypeError, AttributeError):
        return None
    fixes: list[dict[str, Any]] = data["fixes"]
    return fixes


def _fixes(diagnostic: types.Diagnostic, fixes: Iterable[dict[str, Any]] | None) -> Iterator[types.CodeAction]:
    preferred = True
    for fix in fixes or ():
        safe = fix["applicability"] == "safe"
        yield types.CodeAction(
            title=f"{fix['title']} ({diagnostic.code}{'' if safe else ', changes the result'})",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=True if safe and preferred else None,
            edit=workspace_edit(fix["edits"]),
        )
        preferred = preferred and not safe


def _ignores(
    pairs: Sequence[tuple[Diagnostic, types.Diagnostic]], translator: Translator, unit: Unit
) -> Iterator[types.CodeAction]:
    if not pairs:
        return
    source = source_from_bytes(unit.content().encode("utf-8"), unit.filename)
    edits = comment_edit_of_each(source, [diagnostic for diagnostic, _ in pairs])
    for (diagnostic, translated), edit in zip(pairs, edits, strict=True):
        told = None if edit is None else translator.edit(edit)
        if told is not None:
            yield types.CodeAction(
                title=f"ignore {diagnostic.code} here",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[translated],
                edit=workspace_edit([told]),
            )


def workspace_edit(edits: Iterable[dict[str, Any]]) -> types.WorkspaceEdit:
    """Edits as plain data, for the client."""
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in edits:
        start, end = edit["range"]["start"], edit["range"]["end"]
        place = types.Range(
            types.Position(start["line"], start["character"]), types.Position(end["line"], end["character"])
        )
        changes.setdefault(edit["uri"], []).append(types.TextEdit(place, edit["newText"]))
    return types.WorkspaceEdit(changes=changes)


def differences(unit: Unit, after: bytes) -> types.WorkspaceEdit | None:
    """The edits that make the unit what it is after its fixes; None if there are none."""
    if isinstance(unit, Notebook):
        from closurelint.sources.notebook import cell_sources

        pairs = list(zip(unit.code, cell_sources(after), strict=True))
    else:
        pairs = [(unit, after.decode("utf-8"))]
    changes = {text.uri: edits for text, new in pairs if (edits := _line_edits(text, new))}
    return types.WorkspaceEdit(changes=changes) if changes else None


def _line_edits(text: TextDocument, new: str) -> list[types.TextEdit]:
    old_lines, new_lines = text.text.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    starts = [0]
    for line in old_lines:
        starts.append(starts[-1] + len(line))
    return [
        types.TextEdit(
            types.Range(text.lines.position_at(starts[i1]), text.lines.position_at(starts[i2])),
            "".join(new_lines[j1:j2]),
        )
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
