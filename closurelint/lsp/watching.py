"""Files that change behind the editor's back. A branch switch changes thousands at once, and is one event here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lsprotocol import types

from closurelint.configuration.layers import FILE_NAMES

QUIET = 0.2
"""Seconds without a further event until something is done about those before."""

PATIENCE = 2.0
"""Seconds after which it is done although there is no quiet."""

PATTERNS = ("**/*.py", "**/*.pyw", "**/*.ipynb", *(f"**/{name}" for name in FILE_NAMES), "**/.gitignore")


@dataclass
class Changes:
    """What has changed. appeared: a file is there that was not, or the other way round."""

    filenames: set[str] = field(default_factory=set)
    appeared: bool = False

    @property
    def configuration(self) -> bool:
        """Whether a configuration file is among them."""
        return any(name.endswith(FILE_NAMES) for name in self.filenames)


class Watch:
    """Gathers changes until it is quiet, and hands them over together."""

    def __init__(self, act: Callable[[Changes], None]) -> None:
        self._act = act
        self._changes = Changes()
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def saw(self, events: Iterable[tuple[str, types.FileChangeType]]) -> None:
        """Take some changes."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._since = loop.time()
        else:
            self._timer.cancel()
        for filename, kind in events:
            self._changes.filenames.add(filename)
            self._changes.appeared |= kind != types.FileChangeType.Changed
        rest = max(0.0, self._since + PATIENCE - loop.time())
        self._timer = loop.call_later(min(QUIET, rest), self._hand_over)

    def _hand_over(self) -> None:
        self._timer = None
        changes, self._changes = self._changes, Changes()
        self._act(changes)


def registration() -> types.Registration:
    """What the server asks a client to tell it of."""
    watchers = [types.FileSystemWatcher(pattern) for pattern in PATTERNS]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.Registration("closurelint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
