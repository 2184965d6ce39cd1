"""A baseline: the diagnostics that a project knows already and does not want to hear of again.

An entry is recognised by what it is about, not by where it stands: code, file, scope, and the text of the objective
without white space and comments. The same thing twice in one scope counts twice. The entries of a file that is gone
hold for wherever their code is found now.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from closurelint.diagnostic import Diagnostic
from closurelint.files import read_file, write_atomically
from closurelint.result import FileResult

FORMAT = "closurelint-baseline"
VERSION = 1
UNREADABLE = "CLO900"

Enabled = Callable[[str, str], bool]
"""Whether the rule with a code is looked for in the file with a name."""


def always(code: str, filename: str) -> bool:
    """Every rule, in every file."""
    return True


class BaselineProblem(Exception):
    """A baseline that cannot be read or written: the file, what is wrong with it, and the remedy, in one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One known diagnostic; `file` is relative to the baseline's folder, with `/`. `message` is for readers only."""

    file: str
    code: str
    scope: str
    fingerprint: str
    message: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What recognises it."""
        return (self.file, self.code, self.fingerprint)


def fingerprint(diagnostic: Diagnostic) -> str:
    """Recognises a diagnostic after lines have moved, code has been reformatted or comments have changed."""
    text = diagnostic.claim.objective if diagnostic.claim is not None else diagnostic.message
    plain = re.sub(r"#[^\n]*|\s+|,(?=\s*[)\]}])", "", text)
    content = "\0".join((diagnostic.code, diagnostic.scope, plain))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read(path: str) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises BaselineProblem."""
    try:
        data = json.loads(read_file(path))
    except FileNotFoundError:
        raise BaselineProblem(f"the baseline {path} does not exist: write it with `--write-baseline`") from None
    except OSError as problem:
        raise BaselineProblem(f"the baseline {path} cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError):
        raise BaselineProblem(f"the baseline {path} is no JSON: restore it, or delete it and write it anew") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("entries"), list):
        raise BaselineProblem(f"{path} is no baseline of closurelint: name another, or delete it and write it anew")
    if data.get("version") != VERSION:
        raise BaselineProblem(f"the baseline {path} is of another version: delete it and write it anew")
    entries = []
    for item in data["entries"]:
        names = Entry.__slots__
        if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in names):
            raise BaselineProblem(f"the baseline {path} has a damaged entry: restore it, or delete it")
        entries.append(Entry(**{name: item[name] for name in names}))
    return tuple(entries)


def apply(
    results: Iterable[FileResult], entries: Sequence[Entry], path: str, enabled: Enabled = always
) -> tuple[list[FileResult], list[Entry]]:
    """The results without what the baseline knows, and the entries that no longer occur in the files checked.

    A file that was renamed keeps its entries, one that was copied does not share them. enabled: whether a rule, by
    its code, was looked for in a file, by its name; what was not looked for is not gone.
    """
    kept, gone, _ = _compared(results, entries, path, enabled)
    return kept, gone


def _compared(
    results: Iterable[FileResult], entries: Sequence[Entry], path: str, enabled: Enabled
) -> tuple[list[FileResult], list[Entry], list[Entry]]:
    """The results without what is known; the entries that no longer occur; those that this run cannot speak of."""
    base = os.path.dirname(os.path.abspath(path))
    results = list(results)
    waiting: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        waiting.setdefault(entry.key, []).append(entry)
    left = {result.filename: _unknown(result, _relative(result.filename, base), waiting) for result in results}
    moved: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in _rest(waiting):
        if not os.path.exists(os.path.join(base, entry.file)):
            moved.setdefault(("", entry.code, entry.fingerprint), []).append(entry)
            waiting[entry.key].remove(entry)
    if moved:
        left = {
            result.filename: _unknown(result.changed(diagnostics=tuple(left[result.filename])), "", moved)
            for result in results
        }
    readable = {
        _relative(result.filename, base): result.filename
        for result in results
        if not any(item.code == UNREADABLE for item in result.diagnostics)
    }
    gone, elsewhere = _rest(moved), list[Entry]()
    for entry in _rest(waiting):
        name = readable.get(entry.file)
        (gone if name is not None and enabled(entry.code, name) else elsewhere).append(entry)
    kept = []
    for result in results:
        mine = tuple(left[result.filename])
        hidden = len(result.diagnostics) - len(mine)
        kept.append(result.changed(diagnostics=mine, baselined=result.baselined + hidden) if hidden else result)
    return kept, sorted(gone, key=_order), elsewhere


def _unknown(result: FileResult, name: str, known: dict[tuple[str, str, str], list[Entry]]) -> list[Diagnostic]:
    """The diagnostics of a file that no entry is left for; an entry that fits is taken out of `known`."""
    left = []
    for diagnostic in result.diagnostics:
        found = known.get((name, diagnostic.code, fingerprint(diagnostic)))
        if found:
            found.pop(0)
        else:
            left.append(diagnostic)
    return left


def _rest(entries: dict[tuple[str, str, str], list[Entry]]) -> list[Entry]:
    return [entry for listed in entries.values() for entry in listed]


@dataclass(frozen=True, slots=True)
class Written:
    """What a baseline came to: entries in all; new ones; dropped ones; those of what this run has not looked at."""

    count: int
    added: int
    removed: int
    untouched: int


def write(path: str, results: Sequence[FileResult], enabled: Enabled = always) -> Written:
    """Write the diagnostics of all results as the baseline, and leave what was not looked at as it was.

    Raises BaselineProblem.
    """
    base = os.path.dirname(os.path.abspath(path))
    old = read(path) if os.path.exists(path) else ()
    unknown, gone, elsewhere = _compared(results, old, path, enabled)
    entries = [
        Entry(_relative(result.filename, base), item.code, item.scope, fingerprint(item), item.message)
        for result in results
        for item in result.diagnostics
    ]
    listed = [
        {name: getattr(entry, name) for name in Entry.__slots__} for entry in sorted([*entries, *elsewhere], key=_order)
    ]
    text = json.dumps({"format": FORMAT, "version": VERSION, "entries": listed}, indent=2, ensure_ascii=False)
    try:
        write_atomically(path, f"{text}\n".encode("utf-8", "surrogatepass"))
    except OSError as problem:
        raise BaselineProblem(f"the baseline {path} cannot be written: {problem.strerror}") from problem
    return Written(len(listed), sum(len(result.diagnostics) for result in unknown), len(gone), len(elsewhere))


def _order(entry: Entry) -> tuple[str, str, str, str]:
    return (entry.file, entry.code, entry.scope, entry.fingerprint)


def _relative(filename: str, base: str) -> str:
    return os.path.relpath(os.path.abspath(filename), base).replace(os.sep, "/")
