"""docs/api.md: its examples run, say what it says they say, and are typed for a user who has installed the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

import closurelint

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "api.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n<!-- output -->\n(?:```text\n.*?^```\n)?<!-- end -->", re.DOTALL | re.M)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that the page speaks of."""
    folder = tmp_path / "project"
    for name in ("src", "src/vendor", "notebooks"):
        (folder / name).mkdir(parents=True)
    for name in ("src/gradient.py", "src/vendor/gradient.py"):
        shutil.copy(ROOT / "fixtures" / "readme" / "gradient_simplenet.py", folder / name)
    shutil.copy(ROOT / "fixtures" / "notebooks" / "colab_captured.ipynb", folder / "notebooks" / "course.ipynb")
    return folder


def test_the_examples_print_what_the_page_says(project: Path, blessed: Callable[[Path, str], None]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLE.findall(text)) == text.count("```python")

    def shown(match: re.Match[str]) -> str:
        done = subprocess.run(
            [sys.executable, "-c", match[1]],
            cwd=project,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return f"```python\n{match[1]}```\n\n<!-- output -->\n```text\n{done.stdout}```\n<!-- end -->"

    blessed(PAGE, EXAMPLE.sub(shown, text))


def test_every_public_name_is_there_and_nothing_else() -> None:
    assert sorted(set(closurelint.__all__)) == closurelint.__all__
    for name in closurelint.__all__:
        assert getattr(closurelint, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Program'"):
        closurelint.Program  # noqa: B018


def test_public_values_name_only_public_types() -> None:
    """Whoever keeps a diagnostic's range or evidence can say in an annotation what it is."""
    kept = closurelint.check_source("f = lambda w: net.loss(x)\nr = minimize(f, w0)\n", "fit.py")
    assert type(kept).__name__ in closurelint.__all__
    for holder in (closurelint.Diagnostic, closurelint.Fix, closurelint.Related, closurelint.Evidence):
        written = " ".join(str(each) for each in holder.__annotations__.values())
        named = set(re.findall(r"\b[A-Z]\w+", written)) - {"None"}
        # Claim is what one half tells the other, the rest are names for literals
        assert named - {"Claim", "Severity", "Applicability", "Verdict"} <= set(closurelint.__all__), holder


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that the package is installed in, and nothing else."""
    folder = tmp_path_factory.mktemp("user")
    venv.EnvBuilder(with_pip=False).create(folder)
    (packages,) = [*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")]
    (packages / "closurelint.pth").write_text(f"{ROOT}\n")
    return next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())


def mypy(user: Path, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-executable", str(user), "script.py"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "MYPYPATH"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_users_script_is_typed_strictly(user: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    examples = list(EXAMPLE.findall(PAGE.read_text(encoding="utf-8")))
    annotated = """
from closurelint import Diagnostic, Evidence, FileResult, Fix, Gradient, Position, Settings, check_paths, load_settings

settings: Settings = load_settings(".", replay=False)
results: list[FileResult] = list(check_paths(["."], settings, jobs=1))
everything: list[Diagnostic] = [found for result in results for found in result.diagnostics]
starts: list[Position] = [found.range.start for found in everything]
safe: list[Fix] = [fix for found in everything for fix in found.fixes if fix.applicability == "safe"]
evidence: Evidence | None = everything[0].evidence
gradient: Gradient | None = evidence.copy if evidence else None
"""
    for text in (*examples, annotated):
        done = mypy(user, tmp_path, text)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_users_mistake_is_found(user: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    done = mypy(user, tmp_path, "import closurelint\n\nclosurelint.check_source(3).diagnostics[0].line\n")
    assert 'has incompatible type "int"' in done.stdout
    assert '"Diagnostic" has no attribute "line"' in done.stdout
