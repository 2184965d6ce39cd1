"""The wiring: which message goes where. What is done there is in the other modules."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from threading import Event
from typing import Any

from lsprotocol import converters, types
from pygls.capabilities import get_capability
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

from closurelint import __version__
from closurelint.lsp import actions
from closurelint.lsp.checking import Checker, Findings
from closurelint.lsp.documents import Documents, Notebook, Unit, filename_of, uri_of
from closurelint.lsp.folders import Folders
from closurelint.lsp.options import options_of
from closurelint.lsp.positions import Lines
from closurelint.lsp.process import Lost
from closurelint.lsp.protocol import Protocol, Reader
from closurelint.lsp.translation import Translator

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
        self.pulls = False

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
            with open(filename, encoding="utf-8", errors="replace", newline="") as stream:
                return uri_of(filename), Lines(stream.read(), self.documents.encoding)
        except (OSError, ValueError):
            return None

    def publish(self, unit: Unit, findings: Findings) -> None:
        """Send the findings to a client that does not ask for them, and tell one that does to ask again."""
        if self.pulls:
            return
        for uri, diagnostics in self.translator(unit).by_uri(findings.result.diagnostics).items():
            text = self.documents.text(uri)
            version = None if text is None else text.version
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def clear(self, uris: tuple[str, ...]) -> None:
        """Take back what was published of texts that are closed."""
        if not self.pulls:
            for uri in uris:
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

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


def serve() -> int:
    """Run the server on standard input and output; the exit status."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    return asyncio.run(server().run())


def server() -> Server:
    """A server with all that it can do."""
    made = Server()
    for method, handler in HANDLERS.items():
        made.feature(method)(handler)
    made.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, types.DiagnosticOptions(True, False, "closurelint"))(pull)
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, actions.FIX_ALL]
    made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))(code_actions)
    return made


# -- the conversation ------------------------------------------------------------------------------------------------


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Learn what the client can do, and where it works."""
    ls.pulls = get_capability(params.capabilities, "text_document.diagnostic") is not None
    ls.documents.encoding = ls.protocol.workspace.position_encoding or types.PositionEncodingKind.Utf16
    uris = [folder.uri for folder in params.workspace_folders or []]
    if not uris and params.root_uri:
        uris = [params.root_uri]
    ls.folders.add(filename_of(uri, "") for uri in uris)
    ls.folders.follow(options_of(params.initialization_options))


# -- documents -------------------------------------------------------------------------------------------------------


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Check a text that was opened."""
    ls.checker.changed(ls.documents.open(params.text_document))


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Check a text that has changed."""
    unit = ls.documents.get(params.text_document.uri)
    text = ls.documents.text(params.text_document.uri)
    if unit is not None and unit is text:
        text.change(params.text_document.version, params.content_changes)
        ls.checker.changed(unit)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a text."""
    _closed(ls, params.text_document.uri)


def did_open_notebook(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """Check a notebook that was opened."""
    ls.checker.changed(ls.documents.open_notebook(params))


def did_change_notebook(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Check a notebook of which cells were changed, added, moved or removed."""
    unit = ls.documents.get(params.notebook_document.uri)
    if not isinstance(unit, Notebook):
        return
    before = unit.uris
    unit.change(params.notebook_document.version, params.change)
    ls.clear(tuple(uri for uri in before if uri not in unit.uris))
    ls.checker.changed(unit)


def did_close_notebook(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """Forget a notebook."""
    _closed(ls, params.notebook_document.uri)


def _closed(ls: Server, uri: str) -> None:
    unit = ls.documents.close(uri)
    if unit is not None:
        ls.checker.forget(unit)
        ls.clear(unit.uris)


# -- what the client asks --------------------------------------------------------------------------------------------


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """The diagnostics of one text."""
    uri = params.text_document.uri
    unit = ls.documents.holding(uri)
    findings = None if unit is None else await ls.checker.findings(unit)
    if unit is None or findings is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    return types.RelatedFullDocumentDiagnosticReport(
        ls.translator(unit).by_uri(findings.result.diagnostics).get(uri, [])
    )


async def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about the diagnostics in a range."""
    uri, only = params.text_document.uri, params.context.only
    unit, text = ls.documents.holding(uri), ls.documents.text(uri)
    if unit is None or text is None:
        return []
    found: list[types.CodeAction] = []
    if actions.wants(only, types.CodeActionKind.QuickFix.value):
        findings = await ls.checker.findings(unit)
        if findings is not None:
            shown = findings.result.diagnostics
            found += actions.fixes_of(shown, params.range, text, unit, params.context.diagnostics)
    if only and actions.wants(only, actions.FIX_ALL):
        edit = await _fix_all(ls, unit)
        if edit is not None:
            found.append(types.CodeAction("fix all that closurelint can fix safely", actions.FIX_ALL, edit=edit))
    return found


async def _fix_all(ls: Server, unit: Unit) -> types.WorkspaceEdit | None:
    edition = unit.edition
    settings = ls.folders.settings_of(unit.filename)
    try:
        after, count = await ls.checker.reader.run(
            "fix", unit.content(), unit.filename, settings, settings.unsafe_fixes
        )
    except Lost:
        return None
    return actions.differences(unit, after) if count and unit.edition == edition else None


async def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Get ready before the first text is opened."""
    await ls.checker.start()


HANDLERS: dict[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.NOTEBOOK_DOCUMENT_DID_OPEN: did_open_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: did_change_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: did_close_notebook,
}
