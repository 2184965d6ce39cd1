"""The hooks: their file, and what a user's repository sees of them when pre-commit itself runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
ALIASED = ROOT / "fixtures" / "readme" / "gradient_simplenet.py"
NOTEBOOK = ROOT / "fixtures" / "notebooks" / "course_nbformat3.ipynb"
ARTICLE = ROOT / "fixtures" / "documents" / "why_is_it_not_zero.md"

pytest.importorskip("pre_commit")


def hooks() -> dict[str, dict[str, Any]]:
    yaml = pytest.importorskip("yaml")
    return {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}


def environment(**more: str) -> dict[str, str]:
    """Without what would let a hook, or git, see this checkout instead of what is installed."""
    hidden = ("PYTHONPATH", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in hidden} | more


def run(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=cwd,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def pre_commit(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "pre_commit", *words, cwd=cwd, NO_COLOR="1", **more)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A user's repository: a module and a notebook with findings, a module without, a document."""
    folder = tmp_path / "repository"
    folder.mkdir()
    shutil.copy(ALIASED, folder / "gradient.py")
    shutil.copy(NOTEBOOK, folder / "course.ipynb")
    shutil.copy(ARTICLE, folder / "article.md")
    (folder / "clean.py").write_text("area = 3 * 4\n")
    for words in (("init", "--quiet"), ("add", "--all")):
        assert run("git", *words, cwd=folder).returncode == 0
    return folder


def test_pre_commit_accepts_the_file() -> None:
    done = pre_commit("validate-manifest", str(MANIFEST), cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_the_hooks_are_asked_for_the_files_that_are_checked() -> None:
    identify = pytest.importorskip("identify.identify")
    for name, hook in hooks().items():
        wanted = set(hook["types_or"])
        assert all(identify.tags_from_filename(file) & wanted for file in ("a.py", "a.pyi", "a.ipynb")), name
        assert not any(identify.tags_from_filename(file) & wanted for file in ("a.md", "a.toml", "a.c")), name


@pytest.mark.parametrize("name", ["closurelint", "closurelint-fix"])
def test_an_entry_is_a_command_that_keeps_to_the_excluded_files(name: str, tmp_path: Path) -> None:
    words = hooks()[name]["entry"].split()
    assert words[0] == "closurelint"
    shutil.copy(ALIASED, tmp_path / "gradient.py")
    (tmp_path / "closurelint.toml").write_text('exclude = ["gradient.py"]\n')

    def entry() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *words, "gradient.py"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)

    assert (entry().returncode, entry().stdout) == (0, "")
    (tmp_path / "closurelint.toml").unlink()
    first, second = entry(), entry()
    assert first.returncode == 1
    assert second.returncode == (0 if name == "closurelint-fix" else 1), second.stdout


def sections(output: str) -> dict[str, str]:
    """What pre-commit printed for each hook, by the hook's id."""
    parts = re.split(r"^- hook id: (\S+)\n", output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.usefixtures("network")
def test_both_hooks_in_a_users_repository(repository: Path, tmp_path: Path) -> None:
    done = pre_commit("try-repo", str(ROOT), "--all-files", cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"))
    said = sections(done.stdout)
    assert said.keys() == {"closurelint", "closurelint-fix"}, done.stdout
    assert "gradient.py:31:5: CLO201 [*] objective never reads its parameter `W`" in said["closurelint"]
    assert "replay: max |dW| is 0 for a copy, 0.417 for the aliased `net.W`" in said["closurelint"]
    assert re.search(r"^course\.ipynb:cell \d+:\d+:\d+: CLO", said["closurelint"], re.MULTILINE)
    assert "article.md" not in done.stdout
    assert "files were modified by this hook" in said["closurelint-fix"]
    assert "def f(_):" in (repository / "gradient.py").read_text(encoding="utf-8")


def documented_configuration() -> str:
    """The example of docs/ci.md, with this checkout in the place of the published repository."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    example = re.search(r"^```yaml\n(# \.pre-commit-config\.yaml\n.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert example is not None
    head = run("git", "rev-parse", "HEAD", cwd=ROOT).stdout.strip()
    text, places = re.subn(r"https://github\.com/\S+/closurelint\n", f"{ROOT}\n", example[1])
    text, revisions = re.subn(r"rev: \S+", f"rev: {head}", text)
    assert (places, revisions) == (1, 1)
    return text


@pytest.mark.usefixtures("network")
def test_the_documented_configuration_checks_documents_too(repository: Path, tmp_path: Path) -> None:
    (repository / ".pre-commit-config.yaml").write_text(documented_configuration(), encoding="utf-8")
    run("git", "add", "--all", cwd=repository)
    home = str(tmp_path / "home")
    first = pre_commit("run", "--all-files", cwd=repository, PRE_COMMIT_HOME=home)
    assert first.returncode == 1
    assert "article.md:" in first.stdout, first.stdout
    assert "gradient.py:" in first.stdout
    for file in ("article.md", "course.ipynb", "gradient.py"):
        run("git", "rm", "--quiet", "--force", file, cwd=repository)
    second = pre_commit("run", "--all-files", cwd=repository, PRE_COMMIT_HOME=home)
    assert second.returncode == 0, second.stdout
    assert "Passed" in second.stdout
