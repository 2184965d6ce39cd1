"""What a pipeline uses: the action's steps run as a runner runs them, and the examples of docs/ci.md are real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ALIASED = ROOT / "fixtures" / "readme" / "gradient_simplenet.py"
BASH = shutil.which("bash")

needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not installed")


def action() -> dict[str, Any]:
    return dict(yaml.safe_load(ACTION.read_text(encoding="utf-8")))


def step(name: str) -> dict[str, Any]:
    return next(each for each in action()["runs"]["steps"] if each.get("id") == name)


def example(start: str, language: str) -> str:
    """The code block of the page whose text contains `start`."""
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if start in block]
    return found


def scripts() -> list[str]:
    steps = [each["run"] for each in action()["runs"]["steps"] if "run" in each]
    return steps + re.findall(r"^```bash\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


class Runner:
    """Runs a step as GitHub's runner does: its expressions filled in, its files for outputs there."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.workspace, self.temp, self.output = folder / "workspace", folder / "temp", folder / "output"
        for each in (self.workspace, self.temp):
            each.mkdir()
        self.output.touch()
        given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        self.values = {f"inputs.{name}": each.get("default", "") for name, each in action()["inputs"].items()} | given

    def filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: self.values[match[1]], text)

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        wanted = step(name)
        assert wanted["shell"] == "bash"
        script = self.temp / "script.sh"
        script.write_text(wanted["run"], encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            **{key: self.filled(value) for key, value in wanted["env"].items()},
        }
        done = subprocess.run(
            [BASH or "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        for line in self.output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{name}.outputs.{key}"] = value
        return done


class TestAction:
    @pytest.mark.parametrize(
        ("schema", "text"),
        [
            pytest.param("github-actions", ACTION.read_text(encoding="utf-8"), id="action.yml"),
            pytest.param("github-workflows", example("actions/checkout", "yaml"), id="workflow"),
            pytest.param("gitlab-ci", example("codequality", "yaml"), id="gitlab"),
        ],
    )
    def test_files_follow_their_schemas(self, schema: str, text: str, tmp_path: Path) -> None:
        pytest.importorskip("check_jsonschema")
        path = tmp_path / "file.yml"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_every_input_is_used_and_documented_and_none_is_made_up(self) -> None:
        text = ACTION.read_text(encoding="utf-8")
        declared = set(action()["inputs"])
        assert set(re.findall(r"inputs\.([\w-]+)", text)) == declared
        table = PAGE.partition("| input | default |")[2].partition("\n\n")[0]
        rows = dict(re.findall(r"^\| `([\w-]+)` \| (?:`(.*?)`)? ?\|", table, re.MULTILINE))
        assert rows == {name: each["default"] for name, each in action()["inputs"].items()}

    def test_no_expression_stands_in_a_script(self) -> None:
        assert not any("${{" in script for script in scripts())

    def test_every_output_comes_from_a_step(self) -> None:
        for output in action()["outputs"].values():
            name, key = re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", output["value"])[0]
            assert f'"{key}=' in step(name)["run"]

    @needs_bash
    @pytest.mark.parametrize("script", scripts())
    def test_scripts_parse(self, script: str) -> None:
        assert BASH is not None
        done = subprocess.run([BASH, "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    @pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
    @pytest.mark.parametrize("script", scripts())
    def test_scripts_please_shellcheck(self, script: str) -> None:
        command = ["shellcheck", "--shell=bash", "-"]
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    @needs_bash
    def test_check_annotates_writes_the_report_and_fails(self, tmp_path: Path, programs: Path) -> None:
        runner = Runner(tmp_path, paths="src\nmore tests\n\n", args="--extend-select ALL\n  --no-cache")
        runner.values["steps.install.outputs.command"] = str(programs / "closurelint")
        for folder in ("src", "more tests", "elsewhere"):
            (runner.workspace / folder).mkdir()
            shutil.copy(ALIASED, runner.workspace / folder / "gradient.py")
        done = runner.run("check")
        assert done.returncode == 1, done.stdout + done.stderr
        files = re.findall(r"^::warning title=closurelint \(CLO201\),file=(.*?),line=31,", done.stdout, re.MULTILINE)
        assert files == ["more tests/gradient.py", "src/gradient.py"]
        assert runner.values["steps.check.outputs.exit-status"] == "1"
        report = json.loads((runner.workspace / runner.values["steps.check.outputs.sarif-file"]).read_bytes())
        assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["CLO201", "CLO201"]

    @needs_bash
    def test_check_of_a_clean_tree_passes_with_an_empty_report(self, tmp_path: Path, programs: Path) -> None:
        runner = Runner(tmp_path, sarif_file="report.sarif")
        runner.values["steps.install.outputs.command"] = str(programs / "closurelint")
        (runner.workspace / "clean.py").write_text("area = 3 * 4\n")
        done = runner.run("check")
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert json.loads((runner.workspace / "report.sarif").read_bytes())["runs"][0]["results"] == []

    @needs_bash
    def test_check_that_could_not_run_says_so_and_leaves_no_report(self, tmp_path: Path, programs: Path) -> None:
        runner = Runner(tmp_path, paths="nowhere")
        runner.values["steps.install.outputs.command"] = str(programs / "closurelint")
        done = runner.run("check")
        assert done.returncode == 2
        assert "nowhere" in done.stderr
        assert runner.values["steps.check.outputs.exit-status"] == "2"
        assert "steps.check.outputs.sarif-file" not in runner.values

    @needs_bash
    @pytest.mark.usefixtures("network")
    def test_install_makes_the_command(self, tmp_path: Path) -> None:
        runner = Runner(tmp_path)
        runner.values["steps.python.outputs.python-path"] = sys.executable
        done = runner.run("install")
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copy(ALIASED, runner.workspace / "gradient.py")
        assert "::warning title=closurelint (CLO201),file=gradient.py" in runner.run("check").stdout


def in_project(folder: Path, programs: Path, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        words, cwd=folder, env=environment, input=text, capture_output=True, text=True, encoding="utf-8", check=False
    )


@needs_bash
class TestExamples:
    @pytest.fixture
    def project(self, tmp_path: Path, programs: Path) -> Path:
        """A repository with one finding on its main branch."""
        folder = tmp_path / "project"
        folder.mkdir()
        shutil.copy(ALIASED, folder / "old.py")
        git = ["git", "-c", "user.name=author", "-c", "user.email=author@localhost"]
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "start"]):
            assert in_project(folder, programs, *git, *words).returncode == 0
        return folder

    def test_gitlabs_script_writes_the_report_that_it_names(self, project: Path, programs: Path) -> None:
        job = yaml.safe_load(example("codequality", "yaml"))["closurelint"]
        install, check = job["script"]
        assert install.startswith("pip install ")
        done = in_project(project, programs, "bash", "-e", text=check)
        assert done.returncode == 1
        report = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_bytes())
        assert [(issue["check_name"], issue["location"]["path"]) for issue in report] == [("CLO201", "old.py")]

    def test_the_script_with_a_baseline_fails_for_what_is_new(self, project: Path, programs: Path) -> None:
        script = example("--write-baseline", "bash")
        assert in_project(project, programs, "bash", text=script).returncode == 0
        shutil.copy(ALIASED, project / "new.py")
        done = in_project(project, programs, "bash", text=script)
        assert done.returncode == 1
        assert "new.py:31:5" in done.stdout
        assert "old.py:" not in done.stdout

    def test_the_script_for_a_branch_checks_what_differs(self, project: Path, programs: Path) -> None:
        script = example("git diff", "bash")
        git = ["git", "-c", "user.name=author", "-c", "user.email=author@localhost"]
        in_project(project, programs, *git, "switch", "-q", "-c", "topic")
        assert in_project(project, programs, "bash", text=script).returncode == 0
        shutil.copy(ALIASED, project / "new one.py")
        in_project(project, programs, *git, "add", ".")
        in_project(project, programs, *git, "commit", "-q", "-m", "more")
        done = in_project(project, programs, "bash", text=script)
        assert done.returncode != 0
        assert "new one.py:31:5" in done.stdout
        assert "old.py:" not in done.stdout

    def test_every_command_of_the_page_is_one(self, project: Path, programs: Path) -> None:
        """Options that are not there end with 2, and so does a page that has been left behind."""
        written = " ".join(PAGE.split())
        commands = re.findall(r"`(closurelint [^`]*--[^`]*)`", written)
        assert commands
        for command in commands:
            assert in_project(project, programs, "bash", text=command).returncode in (0, 1), command


def test_ruff_leaves_our_codes_alone_with_the_documented_setting(tmp_path: Path) -> None:
    pytest.importorskip("ruff")
    tomli = pytest.importorskip("tomli")
    setting = tomli.loads(example("external", "toml"))["tool"]["ruff"]["lint"]
    path = tmp_path / "fit.py"
    path.write_text("r = minimize(lambda w: net.loss(x, t), w0)  # noqa: CLO103\n")
    rules = "--select=RUF100,RUF102"
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", rules, str(path)]
    without = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert "CLO103" in without.stdout
    config = f"lint.external={json.dumps(setting['external'])}"
    done = subprocess.run([*ruff, "--config", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_our_fix_quiets_ruff_too(tmp_path: Path) -> None:
    pytest.importorskip("ruff")
    path = tmp_path / "gradient.py"
    shutil.copy(ALIASED, path)
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select=ARG", str(path)]
    assert "ARG001" in subprocess.run(ruff, capture_output=True, text=True, check=False).stdout
    fix = [sys.executable, "-m", "closurelint", "--fix", str(path)]
    assert subprocess.run(fix, capture_output=True, check=False).returncode == 0
    assert subprocess.run(ruff, capture_output=True, text=True, check=False).returncode == 0
