"""The extension for Visual Studio Code says what the server understands, and builds from what is committed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import closurelint

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "editors" / "vscode"
README = EXTENSION / "README.md"


def manifest() -> dict[str, Any]:
    return dict(json.loads((EXTENSION / "package.json").read_text(encoding="utf-8")))


def settings() -> dict[str, dict[str, Any]]:
    return dict(manifest()["contributes"]["configuration"]["properties"])


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((EXTENSION / "src").glob("*.ts")))


def test_it_has_the_version_of_the_program() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    versions = {manifest()["version"], lock["version"], lock["packages"][""]["version"]}
    assert versions == {closurelint.__version__}


@pytest.mark.parametrize("name", sorted(settings()))
def test_the_server_understands_each_setting(name: str) -> None:
    options = pytest.importorskip("closurelint.lsp.options")
    key = name.removeprefix("closurelint.")
    default = settings()[name]["default"]
    for value in (default, ["CLO1"] if settings()[name]["type"] == ["array", "null"] else default):
        assert options.options_of({"closurelint": {key: value}}).problems == ()


def test_settings_that_name_programs_need_trust() -> None:
    trust = manifest()["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    machine = {name for name, each in settings().items() if each.get("scope") == "machine-overridable"}
    assert set(trust["restrictedConfigurations"]) == machine
    assert machine == {"closurelint.path", "closurelint.args", "closurelint.interpreter"}


def test_each_command_does_something() -> None:
    registered = set(re.findall(r'registerCommand\("(closurelint\.\w+)"', sources()))
    assert registered == {each["command"] for each in manifest()["contributes"]["commands"]}


def test_its_readme_lists_the_settings(blessed: Callable[[Path, str], None]) -> None:
    rows = [
        f"| `{name}` | `{json.dumps(each['default'])}` | {each['markdownDescription']} |"
        for name, each in settings().items()
    ]
    table = "\n".join(["| setting | default | means |", "|---|---|---|", *rows])
    text = re.sub(
        r"<!-- settings -->\n.*?<!-- end -->",
        lambda _: f"<!-- settings -->\n{table}\n<!-- end -->",
        README.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    blessed(README, text)


def test_the_lock_names_no_place() -> None:
    text = (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
    places = set(re.findall(r'"resolved": "(\w+://[^/]+)', text))
    assert places <= {"https://registry.npmjs.org"}
    assert '"link": true' not in text
    assert not re.search(r'"(file:|/home/|/root/|/tmp/|[A-Z]:\\\\)', text)


@pytest.mark.usefixtures("network")
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_one_command_builds_the_package(tmp_path: Path) -> None:
    folder = tmp_path / "editors" / "vscode"
    left_out = shutil.ignore_patterns("node_modules", "dist", "*.vsix", "LICENSE")
    shutil.copytree(EXTENSION, folder, ignore=left_out)
    shutil.copy(ROOT / "LICENSE", tmp_path)
    for script in ("package", "test"):
        done = subprocess.run(["npm", "run", script], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(folder / "closurelint.vsix") as package:
        names = {name.lower() for name in package.namelist()}
    assert {name.removeprefix("extension/") for name in names if name.startswith("extension/")} == {
        "package.json",
        "readme.md",
        "license.txt",
        "dist/extension.js",
    }
