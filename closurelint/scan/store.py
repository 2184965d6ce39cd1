"""The folder that a scan writes to: a part for each shard with findings, and a manifest of all that is finished.

A part is written as a whole before the manifest names it, so that a scan can be ended at any moment: what the manifest
does not name, or names with another size, is checked again, into a part of the same name.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from closurelint.configuration.settings import SettingsProblem
from closurelint.files import write_atomically
from closurelint.scan.output import FORMATS, rendered
from closurelint.scan.shard import COUNTS, Outcome, Task, Unread

MANIFEST = "manifest.jsonl"
_PART = re.compile(rf"part-[0-9a-f]{{16}}\.({'|'.join(FORMATS)})")
_DECISIVE = (
    *("codes", "per_file_codes", "include", "extend_include", "exclude", "extend_exclude", "differentiators"),
    "replay",
)
"""The settings that a result depends on."""


class Store:
    """What is finished. Raises SettingsProblem for a folder that holds something else, or cannot be written to.

    folder: is made if it is not there. form: of the parts.
    """

    def __init__(self, folder: str, form: str) -> None:
        self._folder, self._form = folder, form
        self._manifest = os.path.join(folder, MANIFEST)
        self._entries: dict[str, dict[str, Any]] = {}
        self._seen: set[str] = set()
        try:
            os.makedirs(folder, exist_ok=True)
            if not os.path.lexists(self._manifest) and os.listdir(folder):
                raise SettingsProblem(f"`--output` {folder} holds other files, name a new folder")
            self._log = open(self._manifest, "a", encoding="utf-8", newline="\n")  # noqa: SIM115
            self._lock()
            self._read()
        except OSError as problem:
            raise SettingsProblem(f"`--output` {folder} cannot be used: {problem.strerror}") from problem

    def _lock(self) -> None:
        """Keep others out until the log is closed, where the system can."""
        try:
            import fcntl
        except ModuleNotFoundError:
            return
        try:
            fcntl.flock(self._log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._log.close()
            raise SettingsProblem(f"another scan is writing to `--output` {self._folder}, wait for it") from None

    def _read(self) -> None:
        with open(self._manifest, encoding="utf-8", errors="replace") as stream:
            for text in stream:
                try:
                    entry = json.loads(text)
                    self._entries[entry["shard"]] = entry
                except (ValueError, KeyError, TypeError):
                    continue
        # the last line may be half of one, of a scan that was ended in the middle
        self._log.write("\n")

    def finished(self, task: Task) -> Outcome | None:
        """What an earlier scan found in the shard of a task, if that is still there and still holds."""
        self._seen.add(task.shard.name)
        entry = self._entries.get(task.shard.name)
        if entry is None or entry.get("key") != self._key(task) or entry.get("problem") is not None:
            return None
        try:
            if entry["part"] is not None and os.path.getsize(self._path(entry["part"])) != entry["bytes"]:
                return None
            kept = Outcome(skipped=dict(entry["skipped"]))
            for name in COUNTS:
                setattr(kept, name, int(entry[name]))
            return kept
        except (OSError, KeyError, TypeError, ValueError):
            return None

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Write down what was found in a shard."""
        entry: dict[str, Any] = {"shard": task.shard.name, "source": task.shard.source, "version": task.version}
        entry |= {name: getattr(outcome, name) for name in (*COUNTS, "skipped", "problem")}
        entry |= {"key": self._key(task), "part": None, "bytes": 0}
        if outcome.records:
            data = rendered(outcome.records, self._form)
            name = f"part-{sha256(task.shard.name.encode('utf-8', 'replace')).hexdigest()[:16]}.{self._form}"
            write_atomically(self._path(name), data)
            entry |= {"part": name, "bytes": len(data)}
        before = self._entries.get(task.shard.name, {}).get("part")
        if before is not None and before != entry["part"]:
            self._remove(str(before))
        self._entries[task.shard.name] = entry
        self._log.write(json.dumps(entry) + "\n")
        self._log.flush()

    def fail(self, unread: Unread) -> None:
        """Write down that there is no shard where one was named."""
        self._seen.add(unread.name)
        entry = {"shard": unread.name, "source": unread.source, "problem": unread.problem, "part": None}
        self._entries[unread.name] = entry

    def close(self, sources: list[str] | None = None) -> None:
        """Let others write. sources: have been scanned completely, and what is not in them any more is removed."""
        if sources is None:
            self._log.close()
            return
        for name, entry in list(self._entries.items()):
            if name not in self._seen and entry.get("source") in sources:
                del self._entries[name]
        text = "".join(json.dumps(self._entries[name]) + "\n" for name in sorted(self._entries))
        write_atomically(self._manifest, text.encode())
        named = {entry.get("part") for entry in self._entries.values()}
        for name in set(os.listdir(self._folder)) - named:
            self._remove(name)
        self._log.close()

    def _remove(self, name: str) -> None:
        if _PART.fullmatch(name):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path(name))

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _key(self, task: Task) -> str:
        """What has to be the same for a result to hold."""
        settings = {name: _sorted(getattr(task.settings, name)) for name in _DECISIVE}
        about = [task.version, self._form, asdict(task.shard), asdict(task.reading), settings]
        return sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return [_sorted(each) for each in value] if isinstance(value, tuple) else value
