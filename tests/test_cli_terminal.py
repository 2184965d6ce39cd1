"""What happens around a run: pipes, signals, terminals, encodings, watching. All through real processes."""

from __future__ import annotations

import io
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import closurelint
from closurelint.commands import progress
from closurelint.commands.watch import concerns

ALIASED = """\
import numpy as np


def numerical_gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        grad[i] = (above - f(x)) / (2 * h)
        x[i] = kept
    return grad


def f(W):
    return net.loss(x, t)


dW = numerical_gradient(f, net.W)
"""
CLEAN = "def area(width, height):\n    return width * height\n"
UNIX = pytest.mark.skipif(os.name == "nt", reason="there are no such signals and terminals there")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "closurelint.toml").write_text("")
    (tmp_path / "train.py").write_text(ALIASED)
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "closurelint", *words]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "PYTHONUTF8")}
    return {**kept, "PYTHONPATH": str(Path(closurelint.__file__).parent.parent), **more}


def test_what_python_thinks_of_a_checked_text_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text('WORD = "\\d"\n\n\ndef is_one(x):\n    return x is 1\n')
    done = subprocess.run(
        command("--no-cache", "odd.py"), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "All checks passed in 1 file!\n", "")


@UNIX
def test_a_closed_pipe_ends_quietly(tree: Path) -> None:
    for number in range(60):
        (tree / f"copy{number}.py").write_text(ALIASED)
    with subprocess.Popen(
        command("--no-replay", "."), cwd=tree, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) in (0, 1)


@UNIX
@pytest.mark.parametrize("number", [signal.SIGINT])
def test_an_interrupt_ends_with_130_and_no_traceback(tree: Path, number: int) -> None:
    with subprocess.Popen(
        command("-"), cwd=tree, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        time.sleep(1.0)
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == b""
    assert b"Traceback" not in errors


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932", "utf-8"])
def test_a_terminal_without_the_characters_gets_escapes(tree: Path, encoding: str) -> None:
    (tree / "日本 ü.py").write_text(ALIASED.replace("net", "网络"), encoding="utf-8")
    done = subprocess.run(
        command("--no-replay", "."),
        cwd=tree,
        env=environment(PYTHONIOENCODING=encoding, LC_ALL="C.UTF-8"),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert "CLO201" in done.stdout.decode(encoding)


def test_the_c_locale_is_no_problem(tree: Path) -> None:
    (tree / "ü.py").write_text(CLEAN, encoding="utf-8")
    done = subprocess.run(
        command("--no-replay", "--config", "select=['CLO1']", "."),
        cwd=tree,
        env=environment(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


class Terminal:
    """A pseudo-terminal, and what a process has written to it."""

    def __init__(self, words: list[str], tree: Path, **more: str) -> None:
        self.master, slave = os.openpty()
        self.process = subprocess.Popen(
            words, cwd=tree, env=environment(**{"TERM": "xterm", **more}), stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)

    def everything(self) -> str:
        """All output, once the process has ended."""
        written = b""
        while True:
            ready, _, _ = select.select([self.master], [], [], 60)
            try:
                piece = os.read(self.master, 65536) if ready else b""
            except OSError:
                piece = b""
            if not piece:
                break
            written += piece
        self.process.wait(60)
        os.close(self.master)
        return written.decode()


@UNIX
@pytest.mark.parametrize(
    ("words", "variables", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"TERM": "dumb"}, False),
    ],
)
def test_colour_on_a_terminal(tree: Path, words: list[str], variables: dict[str, str], coloured: bool) -> None:
    terminal = Terminal(command("--no-replay", *words, "."), tree, **{"TERM": "xterm", **variables})
    written = terminal.everything()
    assert "CLO201" in written
    # a slow machine shows the bar of progress too, which erases its line
    assert ("\x1b[1" in written) is coloured


@pytest.mark.parametrize(
    ("words", "variables", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {}, True),
        (["--color", "always", "--output-format", "json"], {}, False),
    ],
)
def test_colour_off_a_terminal(tree: Path, words: list[str], variables: dict[str, str], coloured: bool) -> None:
    done = subprocess.run(
        command("--no-replay", *words, "."), cwd=tree, env=environment(**variables), capture_output=True, check=False
    )
    assert done.returncode == 1
    assert (b"\x1b[" in done.stdout) is coloured


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_on_a_terminal_only_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    stream = Stream(terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    from closurelint.result import FileResult

    results = [FileResult("a.py"), FileResult("b.py")]
    assert list(progress.with_progress(results, 2)) == results
    expected = f"\r{progress.bar(1, 2)}\r{progress.bar(2, 2)}\r\x1b[K" if terminal else ""
    assert stream.getvalue() == expected


def test_progress_says_nothing_in_a_short_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from closurelint.result import FileResult

    stream = Stream(True)
    monkeypatch.setattr(sys, "stderr", stream)
    assert len(list(progress.with_progress([FileResult("a.py")], 1))) == 1
    assert stream.getvalue() == ""
    assert progress.bar(1, 4, width=8) == "[##......] 1/4 files"


# -- watching ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", True),
        ("docs/a.md", True),
        ("pyproject.toml", True),
        (".gitignore", True),
        ("data.csv", False),
        (".git/index.py", False),
        ("x/__pycache__/a.py", False),
    ],
)
def test_what_is_worth_another_run(path: str, expected: bool) -> None:
    assert concerns(str(Path(path).absolute())) is expected


def lines_of(stream: io.BufferedReader) -> queue.Queue[str]:
    """The lines of a stream, as they come."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        with stream:
            for line in stream:
                lines.put(line.decode())

    threading.Thread(target=read, daemon=True).start()
    return lines


def until(lines: queue.Queue[str], text: str) -> str:
    """The lines up to the one that has `text`."""
    seen = ""
    while text not in seen:
        seen += lines.get(timeout=60)
    return seen


@pytest.fixture
def watched(tree: Path) -> Iterator[tuple[subprocess.Popen[bytes], queue.Queue[str]]]:
    pytest.importorskip("watchfiles")
    process = subprocess.Popen(
        command("-w", "--no-replay", "--output-format", "concise", "."),
        cwd=tree,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert isinstance(process.stdout, io.BufferedReader)
    try:
        yield process, lines_of(process.stdout)
    finally:
        process.kill()
        process.wait(60)


@UNIX
def test_watch_checks_again_after_a_change_and_survives_a_broken_configuration(
    tree: Path, watched: tuple[subprocess.Popen[bytes], queue.Queue[str]]
) -> None:
    process, lines = watched
    assert "CLO201" in until(lines, "watching for changes")
    time.sleep(0.5)
    (tree / "train.py").write_text(CLEAN)
    assert "CLO201" not in until(lines, "watching for changes")
    (tree / "closurelint.toml").write_text("broken")
    assert "not valid TOML" in until(lines, "watching for changes")
    (tree / "closurelint.toml").write_text("")
    (tree / "train.py").write_text(ALIASED)
    assert "CLO201" in until(lines, "CLO201")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130


def test_watch_without_its_library(tree: Path) -> None:
    code = "import sys; sys.modules['watchfiles'] = None; from closurelint.commands.cli import main\n"
    code += "sys.exit(main(['--watch']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install closurelint[watch]" in done.stderr


def test_watch_of_nothing(tree: Path) -> None:
    pytest.importorskip("watchfiles")
    done = subprocess.run(
        command("--watch", "nowhere"), cwd=tree, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "nothing to watch" in done.stderr
