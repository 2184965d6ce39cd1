"""Which message goes where. What is done there is in the other modules."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from closurelint.configuration.layers import Layer
from closurelint.lsp import actions, hints, hover
from closurelint.lsp.documents import Notebook, filename_of
from closurelint.lsp.options import SECTION, concern_us, options_of
from closurelint.lsp.server import Server
from closurelint.lsp.watching import registration

FIX_ALL_COMMAND = "closurelint.server.fixAll"
"""Not `closurelint.fixAll`: an editor that offers a command of that name registers those of the server too."""
CHECK_WORKSPACE_COMMAND = "closurelint.server.checkWorkspace"


def serve(layers: Sequence[Layer], file: str | None, isolated: bool) -> int:
    """Run the server on standard input and output; the exit status.

    layers, file, isolated: what the command line says about configuration. The client's options come before it.
    """
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    made = server()
    made.folders.told(layers, file, isolated)
    return asyncio.run(made.run())


def server() -> Server:
    """A server with all that it can do."""
    made = Server()
    for method, handler in HANDLERS.items():
        made.feature(method)(handler)
    made.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, types.DiagnosticOptions(True, False, "closurelint"))(pull)
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, actions.FIX_ALL]
    made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))(code_actions)
    made.command(FIX_ALL_COMMAND)(fix_all)
    made.command(CHECK_WORKSPACE_COMMAND)(check_workspace)
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
    options = ls.folders.options
    if options.check_workspace:
        ls.feature(types.WORKSPACE_DIAGNOSTIC)(pull_workspace)
    if options.code_lens:
        ls.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())(code_lenses)


async def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Ask to be told of changed files and settings, and get ready before the first text is opened."""
    ls.background(ls.checker.start())
    wanted: list[types.Registration] = []
    if ls.has("workspace.did_change_watched_files.dynamic_registration"):
        wanted.append(registration())
    if ls.has("workspace.did_change_configuration.dynamic_registration"):
        section = types.DidChangeConfigurationRegistrationOptions(SECTION)
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        wanted.append(types.Registration("closurelint-settings", method, section))
    if wanted:
        await ls.client_register_capability_async(types.RegistrationParams(wanted))
    if await ls.ask_for_options():
        ls.settings_changed()
    if ls.folders.options.check_workspace and not ls.pulls:
        await ls.check_workspace()


# -- settings and files ----------------------------------------------------------------------------------------------


async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Follow new settings of the editor."""
    if not await ls.ask_for_options() and concern_us(params.settings):
        ls.folders.follow(options_of(params.settings))
    ls.settings_changed()


async def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Follow the settings of other folders."""
    ls.folders.remove(filename_of(folder.uri, "") for folder in params.event.removed)
    ls.folders.add(filename_of(folder.uri, "") for folder in params.event.added)
    await ls.ask_for_options()
    ls.settings_changed()


def did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Gather what has changed on disk."""
    ls.watch.saw((filename_of(event.uri, ""), event.type) for event in params.changes)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A file may be new, for clients that do not tell of files."""
    ls.watch.saw([(filename_of(params.text_document.uri, ""), types.FileChangeType.Changed)])


# -- documents -------------------------------------------------------------------------------------------------------


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Check a text that was opened."""
    ls.opened(ls.documents.open(params.text_document))


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Check a text that has changed."""
    unit = ls.documents.get(params.text_document.uri)
    text = ls.documents.text(params.text_document.uri)
    if text is not None and unit is text:
        text.change(params.text_document.version, params.content_changes)
        ls.checker.changed(text)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a text."""
    ls.closed(params.text_document.uri)


def did_open_notebook(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """Check a notebook that was opened."""
    ls.opened(ls.documents.open_notebook(params))


def did_change_notebook(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Check a notebook of which cells were changed, added, moved or removed."""
    unit = ls.documents.get(params.notebook_document.uri)
    if isinstance(unit, Notebook):
        before = unit.uris
        unit.change(params.notebook_document.version, params.change)
        ls.clear(uri for uri in before if uri not in unit.uris)
        ls.checker.changed(unit)


def did_close_notebook(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """Forget a notebook."""
    ls.closed(params.notebook_document.uri)


# -- what the client asks --------------------------------------------------------------------------------------------


async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """The diagnostics of one text."""
    unit = ls.documents.holding(params.text_document.uri)
    findings = None if unit is None else await ls.checker.findings(unit)
    if unit is None or findings is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    return ls.report(unit, findings, params.text_document.uri, params.previous_result_id)


async def pull_workspace(ls: Server, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
    """The diagnostics of all files; the answer waits until there is something new."""
    known = {each.uri: each.value for each in params.previous_result_ids}
    token = params.work_done_token
    while True:
        await ls.check_workspace(token)
        reports = ls.workspace_reports(known)
        if reports or not known:
            return types.WorkspaceDiagnosticReport(reports)
        token = None
        await ls.scan.changed.wait()


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
        edit = await ls.fixes(unit)
        if edit is not None:
            title = "fix all that closurelint can fix safely"
            found.append(types.CodeAction(title, actions.FIX_ALL, edit=edit))
    return found


async def show_hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What is known of the call, or of the function, under the cursor."""
    uri = params.text_document.uri
    unit, text = ls.documents.holding(uri), ls.documents.text(uri)
    if unit is None or text is None:
        return None
    place, cell = text.lines.from_client(params.position), unit.cell_of(uri)
    found = hover.at(place, cell, await ls.checker.understood(unit))
    if found is None:
        return None
    settings = ls.folders.settings_of(unit.filename)
    evidence = await ls.checker.evidence(found.claim) if found.claim is not None and settings.replay else None
    enabled = [code for code in found.codes if settings.enables(code, unit.filename)]
    told = hover.text(found, evidence, enabled, ls.folders.root_of(unit.filename))
    content = types.MarkupContent(types.MarkupKind.Markdown, told)
    return types.Hover(content, text.lines.range_to_client(hover.range_of(found, place)))


async def inlay_hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The numbers of replay behind the calls."""
    uri = params.text_document.uri
    unit, text = ls.documents.holding(uri), ls.documents.text(uri)
    if unit is None or text is None or not ls.folders.options_of(unit.filename).inlay_hints:
        return []
    findings = await ls.checker.findings(unit)
    return [] if findings is None else list(hints.inlays(findings.result.diagnostics, unit, text, params.range))


async def code_lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The numbers of replay above the calls."""
    uri = params.text_document.uri
    unit, text = ls.documents.holding(uri), ls.documents.text(uri)
    if unit is None or text is None or not ls.folders.options_of(unit.filename).code_lens:
        return []
    findings = await ls.checker.findings(unit)
    return [] if findings is None else list(hints.lenses(findings.result.diagnostics, unit, text))


async def fix_all(ls: Server, *arguments: Any) -> bool:
    """The command that applies all safe fixes to the text of the given name; whether there were any."""
    given = arguments[0] if arguments else None
    uri = given.get("uri") if isinstance(given, dict) else given
    unit = ls.documents.holding(uri) if isinstance(uri, str) else None
    edit = None if unit is None else await ls.fixes(unit)
    if edit is None:
        return False
    answer = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, "closurelint: fix all"))
    return answer.applied


async def check_workspace(ls: Server, *arguments: Any) -> int:
    """The command that checks all files of the workspace; gives the number of diagnostics."""
    await ls.check_workspace()
    return sum(len(result.diagnostics) for result in ls.scan.results.values())


HANDLERS: dict[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.TEXT_DOCUMENT_DID_SAVE: did_save,
    types.NOTEBOOK_DOCUMENT_DID_OPEN: did_open_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: did_change_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: did_close_notebook,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_folders,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_files,
    types.TEXT_DOCUMENT_HOVER: show_hover,
    types.TEXT_DOCUMENT_INLAY_HINT: inlay_hints,
}
