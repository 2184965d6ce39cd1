"""A baseline: the diagnostics that a project knows already and does not want to hear of again.

An entry is recognised by what it is about, not by where it stands: code, file, scope, and the text of the objective
without white space and comments. The same thing twice in one scope counts twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from closurelint.diagnostic import Diagnostic
from closurelint.files import write_atomically
from closurelint.result import FileResult

FORMAT = "closurelint-baseline"
VERSION = 1


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
        with open(path, "rb") as stream:
            data = json.loads(stream.read())
    except FileNotFoundError:
        raise BaselineProblem(f"the baseline {path} does not exist: write it with `--write-baseline`") from None
    except OSError as problem:
        raise BaselineProblem(f"the baseline {path} cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError):
        raise BaselineProblem(f"the baseline {path} is no JSON: restore it, or write it anew") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("entries"), list):
        raise BaselineProblem(f"{path} is no baseline of closurelint: name another file, or write it anew")
    if data.get("version") != VERSION:
        raise BaselineProblem(f"the baseline {path} is of another version of closurelint: write it anew")
    entries = []
    for item in data["entries"]:
        names = Entry.__slots__
        if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in names):
            raise BaselineProblem(f"the baseline {path} has a damaged entry: restore it, or write it anew")
        entries.append(Entry(**{name: item[name] for name in names}))
    return tuple(entries)


def apply(results: Iterable[FileResult], entries: Sequence[Entry], path: str) -> tuple[list[FileResult], list[Entry]]:
    """The results without what the baseline knows, and the entries that no longer occur in the files checked."""
    known = Counter(entry.key for entry in entries)
    base = os.path.dirname(os.path.abspath(path))
    checked: set[str] = set()
    kept = []
    for result in results:
        name = _relative(result.filename, base)
        checked.add(name)
        left = []
        for diagnostic in result.diagnostics:
            key = (name, diagnostic.code, fingerprint(diagnostic))
            if known[key] > 0:
                known[key] -= 1
            else:
                left.append(diagnostic)
        hidden = len(result.diagnostics) - len(left)
        kept.append(result.changed(diagnostics=tuple(left), baselined=result.baselined + hidden) if hidden else result)
    gone = []
    for entry in entries:
        if known[entry.key] > 0 and (entry.file in checked or not os.path.exists(os.path.join(base, entry.file))):
            known[entry.key] -= 1
            gone.append(entry)
    return kept, gone


def write(path: str, results: Iterable[FileResult]) -> tuple[int, int, int]:
    """Write the diagnostics of all results as the baseline: how many it has, and how many were added and removed.

    Raises BaselineProblem.
    """
    base = os.path.dirname(os.path.abspath(path))
    entries = sorted(
        (
            Entry(_relative(result.filename, base), item.code, item.scope, fingerprint(item), item.message)
            for result in results
            for item in result.diagnostics
        ),
        key=lambda entry: (entry.file, entry.code, entry.scope, entry.fingerprint),
    )
    old = Counter(entry.key for entry in read(path)) if os.path.exists(path) else Counter()
    new = Counter(entry.key for entry in entries)
    listed = [{name: getattr(entry, name) for name in Entry.__slots__} for entry in entries]
    text = json.dumps({"format": FORMAT, "version": VERSION, "entries": listed}, indent=2, ensure_ascii=False)
    try:
        write_atomically(path, f"{text}\n".encode("utf-8", "surrogatepass"))
    except OSError as problem:
        raise BaselineProblem(f"the baseline {path} cannot be written: {problem.strerror}") from problem
    return len(entries), (new - old).total(), (old - new).total()


def _relative(filename: str, base: str) -> str:
    return os.path.relpath(os.path.abspath(filename), base).replace(os.sep, "/")
