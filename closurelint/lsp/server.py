"""The server: what it has, and how it tells the client."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sys
from collections.abc import Awaitable, Iterable
from threading import Event
from typing import Any

from lsprotocol import converters, types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from closurelint import __version__
from closurelint.files import read_file
from closurelint.lsp import actions
from closurelint.lsp.checking import Checker, Findings
from closurelint.lsp.documents import Documents, TextDocument, Unit, uri_of
from closurelint.lsp.folders import Folders
from closurelint.lsp.options import SECTION, options_of
from closurelint.lsp.positions import Lines
from closurelint.lsp.process import Lost
from closurelint.lsp.protocol import Protocol, Reader
from closurelint.lsp.scan import Scan, progress
from closurelint.lsp.translation import Translator
from closurelint.lsp.watching import Changes, Watch
from closurelint.result import FileResult

ALL_CELLS = types.NotebookDocumentSyncOptions(
    notebook_selector=[types.NotebookDocumentFilterWithNotebook(notebook="*")], save=True
)
"""Cells of other languages come along, so that cells are counted as in the file, and can change their language."""

logger = logging.getLogger(__name__)


class Server(LanguageServer):
    """One server for one client."""

    def __init__(self) -> None:
        super().__init__(
            "closurelint",
            __version__,
            notebook_document_sync=ALL_CELLS,
            protocol_cls=Protocol,
            converter_factory=converters.get_converter,
            max_workers=1,
        )
        self.documents = Documents()
        self.folders = Folders(self.complain)
        self.checker = Checker(self.folders, self.publish)
        self.scan = Scan(self.folders, self.checker)
        self.watch = Watch(self.files_changed)
        self.pulls = False
        self._answered: dict[str, Findings] = {}
        self._told: dict[str, Findings] = {}
        self._pushed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._scanning = asyncio.Lock()

    def has(self, capability: str) -> bool:
        """Whether the client says that it can do something."""
        return bool(get_capability(self.client_capabilities, capability, False))

    def complain(self, message: str) -> None:
        """Tell the user what only the user can mend."""
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"closurelint: {message}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write an error to the client's log; it is no news for the user."""
        logger.error("%s: %s", type(error).__name__, error)
        message = f"{type(error).__name__}: {error}"
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def translator(self, unit: Unit) -> Translator:
        """Translates the diagnostics of a unit for this client."""
        related = self.has("text_document.publish_diagnostics.related_information") or self.pulls
        return Translator(unit, self.other_file, related=related)

    def other_file(self, filename: str) -> tuple[str, Lines] | None:
        """Name and text of a file that a diagnostic points at."""
        unit = self.documents.of_file(filename)
        if unit is not None and len(unit.uris) == 1:
            text = self.documents.text(unit.uris[0])
            return None if text is None else (text.uri, text.lines)
        try:
            return uri_of(filename), Lines(read_file(filename).decode("utf-8", "replace"), self.documents.encoding)
        except OSError:
            return None

    # -- telling the client

    def publish(self, unit: Unit, findings: Findings) -> None:
        """Send the findings to a client that does not ask for them; one that does is told to ask again if need be."""
        self.scan.changed.set()
        diagnostics = findings.result.diagnostics
        if not self.pulls:
            for uri, translated in self.translator(unit).by_uri(diagnostics).items():
                text = self.documents.text(uri)
                self._publish(uri, translated, None if text is None else text.version)
        elif _is_news(findings, self._answered.get(unit.uri)) and self.has("workspace.diagnostics.refresh_support"):
            self.background(self.workspace_diagnostic_refresh_async(None))
        if _is_news(findings, self._told.get(unit.uri)):
            self._refresh_hints()
        self._told[unit.uri] = findings

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _refresh_hints(self) -> None:
        if self.folders.options.inlay_hints and self.has("workspace.inlay_hint.refresh_support"):
            self.background(self.workspace_inlay_hint_refresh_async(None))
        if self.folders.options.code_lens and self.has("workspace.code_lens.refresh_support"):
            self.background(self.workspace_code_lens_refresh_async(None))

    def clear(self, uris: Iterable[str]) -> None:
        """Take back what was published of texts that are closed."""
        if not self.pulls:
            for uri in uris:
                self._publish(uri, [])

    def report(self, unit: Unit, findings: Findings, uri: str, known: str | None) -> types.DocumentDiagnosticReport:
        """The answer to a client that asks for the diagnostics of a text, and knows those of the result `known`."""
        self._answered[unit.uri] = findings
        items = self.translator(unit).by_uri(findings.result.diagnostics).get(uri, [])
        result = self.result_id(items)
        if result == known:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=result)

    def result_id(self, items: list[types.Diagnostic]) -> str:
        """What two equal lists of diagnostics have in common."""
        return hashlib.sha256(repr(items).encode("utf-8", "replace")).hexdigest()[:16]

    # -- documents

    def opened(self, unit: Unit) -> None:
        """Check what was opened."""
        if unit.filename in self._pushed:
            self._pushed.discard(unit.filename)
            self._publish(uri_of(unit.filename), [])
        self.checker.changed(unit)

    def closed(self, uri: str) -> None:
        """Forget what was closed."""
        unit = self.documents.close(uri)
        if unit is not None:
            self._answered.pop(uri, None)
            self._told.pop(uri, None)
            self.checker.forget(unit)
            self.clear(unit.uris)
            self.scan.drop(unit.filename)
            if self.folders.options.check_workspace and not self.pulls:
                self.background(self.check_workspace())

    # -- settings and files

    async def ask_for_options(self) -> bool:
        """Ask the client for its settings, for each folder; False if it has none."""
        if not self.has("workspace.configuration"):
            return False
        roots: list[str | None] = [None, *self.folders.roots]
        items = [types.ConfigurationItem(None if root is None else uri_of(root), SECTION) for root in roots]
        answers = await self.workspace_configuration_async(types.ConfigurationParams(items))
        told = False
        for root, answer in zip(roots, answers or [], strict=False):
            if isinstance(answer, dict) and answer:
                self.folders.follow(options_of(answer), root)
                told = True
        return told

    def settings_changed(self) -> None:
        """Check everything again under other settings."""
        self.folders.reload()
        self.checker.recheck()
        self.scan.forget(None)
        self._refresh_hints()

    def files_changed(self, changes: Changes) -> None:
        """Check again what depends on files that have changed on disk."""
        if changes.configuration:
            self.settings_changed()
        self.checker.files_changed(changes.filenames, appeared=changes.appeared)
        self.scan.forget(changes.filenames)
        if self.folders.options.check_workspace and not self.pulls:
            self.background(self.check_workspace())

    # -- the workspace

    async def check_workspace(self, token: types.ProgressToken | None = None) -> None:
        """Check the files that are not open, one scan at a time."""
        async with self._scanning:
            create = self.has("window.work_done_progress")
            async with progress(self, token, create=create) as told:
                async for filename, result in self.scan.run(told):
                    if self.pulls and self.folders.options.check_workspace:
                        continue
                    if self.documents.of_file(filename) is None:
                        self._publish(uri_of(filename), self.translated_file(filename, result))
                        self._pushed.add(filename)

    def translated_file(self, filename: str, result: FileResult) -> list[types.Diagnostic]:
        """The diagnostics of a file that is not open."""
        if not result.diagnostics:
            return []
        read = self.other_file(filename)
        if read is None:
            return []
        unit = TextDocument(types.TextDocumentItem(read[0], "python", 0, read[1].text), self.documents.encoding)
        return self.translator(unit).by_uri(result.diagnostics)[unit.uri]

    def workspace_reports(self, known: dict[str, str]) -> list[types.WorkspaceDocumentDiagnosticReport]:
        """The diagnostics of every file of the workspace that are not `known`, which has results by name."""
        reports: list[types.WorkspaceDocumentDiagnosticReport] = []
        for filename, result in self.scan.results.items():
            if self.documents.of_file(filename) is not None:
                continue
            uri, items = uri_of(filename), self.translated_file(filename, result)
            identity = self.result_id(items)
            if identity != known.get(uri) and (items or uri in known):
                reports.append(types.WorkspaceFullDocumentDiagnosticReport(uri, items, result_id=identity))
        return reports

    # -- running

    def background(self, work: Awaitable[Any]) -> None:
        """Do something that nobody waits for; what goes wrong is written to the log."""

        async def done() -> None:
            try:
                await work
            except (Lost, JsonRpcException) as problem:
                logger.info("%s", problem)

        task = asyncio.ensure_future(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def fixes(self, unit: Unit) -> types.WorkspaceEdit | None:
        """All safe fixes of a unit as it is now; None if there are none, or it changes meanwhile."""
        edition, settings = unit.edition, self.folders.settings_of(unit.filename)
        content = unit.content()
        try:
            after, count = await self.checker.reader.run("fix", content, unit.filename, settings, settings.unsafe_fixes)
        except Lost:
            return None
        return actions.differences(unit, after) if count and unit.edition == edition else None

    async def run(self) -> int:
        """Serve standard input and output until the client ends it; gives the exit status."""
        output = sys.stdout.buffer
        # whatever prints must not get between the messages
        sys.stdout = sys.stderr
        self.protocol.set_writer(StdoutWriter(output))
        try:
            await run_async(
                Event(), Reader(sys.stdin.buffer, self.thread_pool), self.protocol, logger, self.report_server_error
            )
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
        except BrokenPipeError:
            pass
        finally:
            await self.checker.close()
        # the client is gone without a word
        return 1


def _is_news(findings: Findings, before: Findings | None) -> bool:
    """Whether there is something that the client would not ask for by itself, as it does after a change of the text."""
    if before is None or before.edition != findings.edition:
        return False
    return before.result.diagnostics != findings.result.diagnostics
