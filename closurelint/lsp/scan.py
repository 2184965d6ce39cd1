"""Checks the files of the workspace that are not open, with progress, until it is cancelled."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from lsprotocol import types

from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.discovery import discover
from closurelint.lsp.checking import Checker
from closurelint.lsp.folders import Folders
from closurelint.lsp.process import Lost
from closurelint.result import FileResult
from closurelint.sources.source import kind_of

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    Stamp = tuple[int, int, Settings]

TITLE = "closurelint: checking the workspace"


class Scan:
    """What is found in the files of the workspace; a file is checked again only if it, or what it needs, has changed.

    results: by file, those without diagnostics included.
    """

    def __init__(self, folders: Folders, checker: Checker) -> None:
        self._folders, self._checker = folders, checker
        self._stamps: dict[str, Stamp] = {}
        self.results: dict[str, FileResult] = {}
        self.changed = asyncio.Event()

    def forget(self, filenames: Iterable[str] | None) -> None:
        """These files, or all, are to be checked again, with those that need them."""
        gone = set(self.results) if filenames is None else set(filenames)
        needing = {name for name, result in self.results.items() if not gone.isdisjoint(result.dependencies)}
        for name in gone | needing:
            self._stamps.pop(name, None)
        self.changed.set()

    def drop(self, filename: str) -> None:
        """The client does not have what was found in this file any more."""
        self._stamps.pop(filename, None)
        self.results.pop(filename, None)
        self.changed.set()

    async def files(self) -> dict[str, Settings]:
        """The files that are to be checked, as `closurelint` would find them in each folder."""
        found: dict[str, Settings] = {}
        for root in self._folders.roots:
            try:
                configuration = self._folders.configuration_of(os.path.join(root, "any"))
                there = await asyncio.to_thread(discover, [root], configuration)
            except SettingsProblem:
                continue
            found |= {path: settings for path, settings in there.files if kind_of(path) != "notebook"}
        return found

    async def run(self, progress: Progress) -> AsyncIterator[tuple[str, FileResult]]:
        """Check what has to be, and give each result that is new."""
        self.changed.clear()
        files = await self.files()
        for name in self.results.keys() - files.keys():
            self._stamps.pop(name, None)
            yield name, FileResult(name)
            del self.results[name]
        for number, (name, settings) in enumerate(files.items()):
            if progress.cancelled:
                return
            progress.report(number, len(files))
            stamp = _stamp(name, settings)
            if stamp is None or self._stamps.get(name) == stamp:
                continue
            try:
                result = await self._checker.file(name, settings)
            except Lost:
                continue
            self._stamps[name], before = stamp, self.results.get(name)
            self.results[name] = result
            if before is None or before.diagnostics != result.diagnostics:
                yield name, result


class Progress:
    """Tells the client how far it is; does nothing without a token."""

    def __init__(self, server: LanguageServer | None = None, token: types.ProgressToken | None = None) -> None:
        self._server, self._token = server, token
        self._percentage = -1

    @property
    def cancelled(self) -> bool:
        """Whether the user has had enough."""
        if self._server is None or self._token is None:
            return False
        future = self._server.work_done_progress.tokens.get(self._token)
        return future is not None and future.cancelled()

    def report(self, number: int, count: int) -> None:
        """So many of the files are done."""
        percentage = number * 100 // max(count, 1)
        if self._server is None or self._token is None or percentage == self._percentage:
            return
        self._percentage = percentage
        value = types.WorkDoneProgressReport(message=f"{number} of {count} files", percentage=percentage)
        self._server.work_done_progress.report(self._token, value)


@asynccontextmanager
async def progress(
    server: LanguageServer, token: types.ProgressToken | None, *, create: bool
) -> AsyncIterator[Progress]:
    """Progress under the client's token, or under a new one if the client can do that."""
    if token is None and create:
        token = str(uuid.uuid4())
        await server.work_done_progress.create_async(token)
    if token is None:
        yield Progress()
        return
    begin = types.WorkDoneProgressBegin(title=TITLE, percentage=0, cancellable=True)
    server.work_done_progress.begin(token, begin)
    try:
        yield Progress(server, token)
    finally:
        server.work_done_progress.end(token, types.WorkDoneProgressEnd())
        server.work_done_progress.tokens.pop(token, None)


def _stamp(filename: str, settings: Settings) -> Stamp | None:
    try:
        status = os.stat(filename)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, settings
