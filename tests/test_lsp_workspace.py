"""Settings, folders, files that change behind the editor's back, and checks of the whole workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client, Message
from test_lsp import ALIASED, PRELUDE, ZERO, codes

pytest.importorskip("pygls")

HELPER = PRELUDE
IMPORTS = "from helper import slope\n\ndW = slope(lambda w: net.loss(x, t), net.W)\n"
COPYING = PRELUDE.replace("    for i in", "    x = x.copy()\n    for i in")


def messages(client: Client) -> list[str]:
    return [each["params"]["message"] for each in client.received if each["method"] == "window/showMessage"]


def changed(client: Client, *paths: Path, kind: int = 2) -> None:
    events = [{"uri": path.as_uri(), "type": kind} for path in paths]
    client.notify("workspace/didChangeWatchedFiles", {"changes": events})


# -- settings


def test_settings_of_the_nearest_file(client: Client) -> None:
    (client.folder / "pyproject.toml").write_text(
        '[tool.closurelint]\nignore = ["CLO201"]\nextend-exclude = ["vendor"]\n'
    )
    client.initialize()
    assert client.diagnostics(client.open("train.py", ALIASED), 1) == []
    assert codes(client.diagnostics(client.open("zero.py", ZERO), 1)) == ["CLO103"]
    assert client.diagnostics(client.open("vendor/zero.py", ZERO), 1) == []


@pytest.mark.parametrize(
    "options",
    [{"ignore": ["CLO201"]}, {"settings": {"ignore": ["aliased-objective"]}}, {"closurelint": {"select": ["CLO1"]}}],
)
def test_settings_in_the_initialization_options(client: Client, options: Any) -> None:
    client.initialize(options={**options, "path": ["closurelint"], "trace": {"server": "off"}, "extendExclude": None})
    assert client.diagnostics(client.open("train.py", ALIASED), 1) == []
    assert codes(client.diagnostics(client.open("zero.py", ZERO), 1)) == ["CLO103"]
    assert messages(client) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ignores": ["CLO201"]}, "the editor's option `ignores` is not known, did you mean `ignore`?"),
        ({"inlayHints": "no"}, "the editor's option `inlayHints` is true or false, not 'no'"),
        ({"select": ["CLO9999"]}, "the editor's settings: `select`: no rule is called `CLO9999`"),
        ({"debounce": -3}, "the editor's option `debounce` is a number of milliseconds, not -3"),
        ({"configuration": "missing.toml"}, "no such configuration file"),
    ],
)
def test_options_that_cannot_be_followed_are_named_once(client: Client, options: Any, said: str) -> None:
    client.initialize(options=options)
    for name in ("train.py", "again.py"):
        assert codes(client.diagnostics(client.open(name, ALIASED), 1)) == ["CLO201"]
    assert len([message for message in messages(client) if said in message]) == 1, messages(client)


def test_a_configuration_that_changes_on_disk(client: Client) -> None:
    file = client.folder / "closurelint.toml"
    client.initialize()
    uri = client.open("train.py", ALIASED)
    assert codes(client.diagnostics(uri, 1)) == ["CLO201"]
    file.write_text('ignore = ["CLO201"]\n')
    changed(client, file, kind=1)
    client.wait(lambda: client.published[uri] == [])
    file.write_text("ignore = [\n")
    changed(client, file)
    client.wait(lambda: any("not valid TOML" in message for message in messages(client)))
    client.change(uri, ALIASED + "\n", 2)
    assert client.diagnostics(uri, 2) == []
    file.unlink()
    client.change(uri, ALIASED, 3)
    assert codes(client.diagnostics(uri, 3)) == ["CLO201"]


def test_settings_that_the_client_is_asked_for(client: Client) -> None:
    section: Message = {"ignore": ["CLO201"]}
    asked: list[Any] = []

    def answer(params: Any) -> Any:
        asked.extend(params["items"])
        return [section for _ in params["items"]]

    client.answers["workspace/configuration"] = answer
    client.initialize(capabilities={"workspace": {"configuration": True}})
    uri = client.open("train.py", ALIASED)
    client.wait(lambda: asked and client.published.get(uri) == [])
    assert {each["section"] for each in asked} == {"closurelint"}
    section["ignore"] = []
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.wait(lambda: codes(client.published[uri]) == ["CLO201"])


def test_settings_that_the_client_sends(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    assert codes(client.diagnostics(uri, 1)) == ["CLO201"]
    client.notify("workspace/didChangeConfiguration", {"settings": {"closurelint": {"ignore": ["CLO201"]}}})
    client.wait(lambda: client.published[uri] == [])


def test_settings_of_other_servers_are_passed_over(client: Client) -> None:
    client.initialize(options={"ignore": ["CLO201"], "pylsp": {"plugins": {}}})
    uri = client.open("train.py", ALIASED)
    assert client.diagnostics(uri, 1) == []
    # some clients send all that they have to each server, or take this one for another
    others: list[Any] = [{"pylsp": {"plugins": {}}}, {"python": {"analysis": {}}, "gopls": {}}, {}, None]
    for settings in others:
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
    client.change(uri, ALIASED + "\n", 2)
    assert client.diagnostics(uri, 2) == []
    ours = {"pylsp": {"plugins": {}}, "closurelint": {"ignore": []}}
    client.notify("workspace/didChangeConfiguration", {"settings": ours})
    client.wait(lambda: codes(client.published[uri]) == ["CLO201"])
    assert messages(client) == []


def test_each_folder_has_its_own_settings(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with Client(tmp_path) as client:
        client.answers["workspace/configuration"] = lambda params: [
            {"ignore": ["CLO201"]} if str(item.get("scopeUri")).endswith("/two") else None for item in params["items"]
        ]
        client.initialize(folders=folders, capabilities={"workspace": {"configuration": True}})
        one, two = (client.open((folder / "a.py").as_uri(), ALIASED) for folder in folders)
        client.wait(lambda: client.published.get(two) == [] and codes(client.published.get(one, [])) == ["CLO201"])
        gone, new = ([{"uri": folder.as_uri(), "name": folder.name}] for folder in (folders[1], tmp_path / "three"))
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": new, "removed": gone}})
        client.wait(lambda: codes(client.published[two]) == ["CLO201"])


# -- files


def test_documents_are_checked_where_the_configuration_says_so(client: Client) -> None:
    text = "# Why\n\n```python\n" + ZERO + "```\n"
    client.initialize()
    assert client.diagnostics(client.open("why.md", text, language="markdown"), 1) == []
    (client.folder / "closurelint.toml").write_text('extend-include = ["*.md"]\n')
    (found,) = client.diagnostics(client.open("how.md", text, language="markdown"), 1)
    assert (found["code"], found["range"]["start"]["line"]) == ("CLO103", 5)


def test_a_helper_that_changes_in_its_own_buffer(client: Client) -> None:
    (client.folder / "helper.py").write_text(HELPER)
    client.initialize()
    uri = client.open("train.py", IMPORTS)
    assert codes(client.diagnostics(uri, 1)) == ["CLO201"]
    helper = client.open("helper.py", HELPER)
    client.diagnostics(helper, 1)
    client.change(helper, COPYING, 2)
    client.wait(lambda: codes(client.published[uri]) == ["CLO103"])
    client.notify("textDocument/didClose", {"textDocument": {"uri": helper}})
    client.wait(lambda: codes(client.published[uri]) == ["CLO201"])


def test_a_helper_that_changes_on_disk(client: Client) -> None:
    helper = client.folder / "helper.py"
    client.initialize()
    uri = client.open("train.py", IMPORTS)
    assert codes(client.diagnostics(uri, 1)) == ["CLO301"]
    helper.write_text(HELPER)
    changed(client, helper, kind=1)
    client.wait(lambda: codes(client.published[uri]) == ["CLO201"])
    helper.write_text(COPYING)
    changed(client, helper)
    client.wait(lambda: codes(client.published[uri]) == ["CLO103"])
    helper.write_text(HELPER + "# without a word from the client\n")
    client.change(uri, IMPORTS + "\n", 2)
    assert codes(client.diagnostics(uri, 2)) == ["CLO201"]


def test_a_client_that_pulls_is_told_to_ask_again(client: Client) -> None:
    (client.folder / "helper.py").write_text(HELPER)
    refresh = {"workspace": {"diagnostics": {"refreshSupport": True}}, "textDocument": {"diagnostic": {}}}
    client.initialize(capabilities=refresh)
    uri = client.open("train.py", IMPORTS)
    asking = {"textDocument": {"uri": uri}}
    first = client.request("textDocument/diagnostic", asking)
    assert codes(first["items"]) == ["CLO201"]
    helper = client.open("helper.py", HELPER)
    client.request("textDocument/diagnostic", {"textDocument": {"uri": helper}})
    client.change(helper, COPYING, 2)
    client.wait(lambda: any(each["method"] == "workspace/diagnostic/refresh" for each in client.received))
    second = client.request("textDocument/diagnostic", {**asking, "previousResultId": first["resultId"]})
    while codes(second.get("items", [])) != ["CLO103"]:
        second = client.request("textDocument/diagnostic", {**asking, "previousResultId": first["resultId"]})
    third = client.request("textDocument/diagnostic", {**asking, "previousResultId": second["resultId"]})
    assert third == {"kind": "unchanged", "resultId": second["resultId"]}


def test_a_branch_switch_is_one_check(client: Client) -> None:
    client.initialize()
    uri = client.open("train.py", ALIASED)
    client.diagnostics(uri, 1)
    client.replayed(uri, 1)

    def count() -> int:
        return sum(each["method"] == "textDocument/publishDiagnostics" for each in client.received)

    before = count()
    for number in range(300):
        changed(client, *(client.folder / f"file{number}-{each}.py" for each in range(10)), kind=1 + number % 3)
    other = client.open("other.py", ALIASED)
    client.replayed(other, 1)
    client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}})
    assert count() - before < 10


def test_the_client_is_asked_to_watch(client: Client) -> None:
    watch = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    client.initialize(capabilities={"workspace": watch})
    client.wait(lambda: any(each["method"] == "client/registerCapability" for each in client.received))
    (request,) = [each for each in client.received if each["method"] == "client/registerCapability"]
    (registration,) = request["params"]["registrations"]
    globs = {each["globPattern"] for each in registration["registerOptions"]["watchers"]}
    assert {"**/*.py", "**/pyproject.toml", "**/closurelint.toml"} <= globs


# -- the workspace


def workspace(folder: Path) -> None:
    (folder / "package").mkdir()
    (folder / "package" / "zero.py").write_text(ZERO)
    (folder / "aliased.py").write_text(ALIASED)
    (folder / "clean.py").write_text("x = 1\n")
    (folder / "venv").mkdir()
    (folder / "venv" / "zero.py").write_text(ZERO)


def test_the_command_checks_the_workspace_with_progress(client: Client) -> None:
    workspace(client.folder)
    client.initialize(capabilities={"window": {"workDoneProgress": True}})
    count = client.request(
        "workspace/executeCommand", {"command": "closurelint.server.checkWorkspace", "arguments": []}
    )
    assert count == 2
    zero = (client.folder / "package" / "zero.py").as_uri()
    assert codes(client.published[zero]) == ["CLO103"]
    kinds = [each["params"]["value"]["kind"] for each in client.received if each["method"] == "$/progress"]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert "report" in kinds
    assert (client.folder / "venv" / "zero.py").as_uri() not in client.published
    client.open("package/zero.py", "x = 1\n")
    assert client.diagnostics(zero, 1) == []


def test_a_scan_can_be_cancelled(client: Client) -> None:
    for number in range(200):
        (client.folder / f"file{number:03}.py").write_text(ZERO)
    client.initialize(capabilities={"window": {"workDoneProgress": True}})
    number = client.start_request("workspace/executeCommand", {"command": "closurelint.server.checkWorkspace"})
    client.wait(lambda: any(each["method"] == "$/progress" for each in client.received))
    token = next(each["params"]["token"] for each in client.received if each["method"] == "$/progress")
    client.notify("window/workDoneProgress/cancel", {"token": token})
    assert client.response(number)["result"] < 200


def test_the_workspace_is_checked_from_the_start_if_asked(client: Client) -> None:
    workspace(client.folder)
    client.initialize(options={"checkWorkspace": True})
    zero, aliased = ((client.folder / name).as_uri() for name in ("package/zero.py", "aliased.py"))
    client.wait(lambda: codes(client.published.get(zero, [])) == ["CLO103"])
    (client.folder / "package" / "zero.py").write_text("x = 1\n")
    changed(client, client.folder / "package" / "zero.py")
    client.wait(lambda: client.published[zero] == [])
    uri = client.open("aliased.py", "x = 1\n")
    assert uri == aliased
    assert client.diagnostics(aliased, 1) == []
    client.notify("textDocument/didClose", {"textDocument": {"uri": aliased}})
    client.wait(lambda: codes(client.published[aliased]) == ["CLO201"])


def test_workspace_diagnostics_are_pulled_and_wait_for_news(client: Client) -> None:
    workspace(client.folder)
    capabilities: Message = {"textDocument": {"diagnostic": {}}}
    result = client.initialize(options={"checkWorkspace": True}, capabilities=capabilities)
    assert result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"] is True
    report = client.request("workspace/diagnostic", {"previousResultIds": [], "workDoneToken": "mine"})
    items = {each["uri"]: each for each in report["items"]}
    zero = (client.folder / "package" / "zero.py").as_uri()
    assert codes(items[zero]["items"]) == ["CLO103"]
    assert any(each["params"]["token"] == "mine" for each in client.received if each["method"] == "$/progress")
    known = [{"uri": uri, "value": each["resultId"]} for uri, each in items.items()]
    number = client.start_request("workspace/diagnostic", {"previousResultIds": known})
    (client.folder / "package" / "zero.py").write_text("x = 1\n")
    changed(client, client.folder / "package" / "zero.py")
    (item,) = client.response(number)["result"]["items"]
    assert (item["uri"], item["items"]) == (zero, [])


def test_the_command_that_fixes_all(client: Client) -> None:
    edits: list[Any] = []

    def take(params: Any) -> Any:
        edits.append(params["edit"]["changes"])
        return {"applied": True}

    client.answers["workspace/applyEdit"] = take
    client.initialize()
    uri = client.open("train.py", ALIASED)
    asked: Message = {"command": "closurelint.server.fixAll", "arguments": [{"uri": uri}]}
    assert client.request("workspace/executeCommand", asked) is True
    assert list(edits[0]) == [uri]
    wrong: list[Any] = [[], [3], ["file:///nowhere.py"], [{}]]
    for arguments in wrong:
        asked = {"command": "closurelint.server.fixAll", "arguments": arguments}
        assert client.request("workspace/executeCommand", asked) is False
    assert len(edits) == 1


@pytest.mark.parametrize(
    ("words", "options", "found"),
    [
        ((), {}, []),
        (("--isolated",), {}, ["CLO201"]),
        (("--config", "other.toml"), {}, ["CLO201"]),
        (("--isolated", "--config", "select = ['CLO1']"), {}, []),
        (("--isolated", "--config", "select = ['CLO1']"), {"select": ["CLO2"]}, ["CLO201"]),
    ],
    ids=lambda value: " ".join(map(str, value)) or "nothing",
)
def test_the_command_line_says_what_holds(
    tmp_path: Path, words: tuple[str, ...], options: dict[str, Any], found: list[str]
) -> None:
    (tmp_path / "closurelint.toml").write_text('ignore = ["CLO201"]\n')
    (tmp_path / "other.toml").write_text('select = ["CLO201"]\n')
    with Client(tmp_path, sys.executable, "-m", "closurelint", "server", *words) as client:
        client.initialize(options=options)
        assert codes(client.diagnostics(client.open("train.py", ALIASED), 1)) == found
