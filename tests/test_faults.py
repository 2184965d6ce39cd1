"""Faults around a run: processes that die, disks that are full, files that come and go. All through real processes.

What can be had is given, nothing is lost, and the exit status tells.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_harness import ALIASED, CLEAN

import closurelint
from closurelint import cache, engine, files, workers
from closurelint.configuration.settings import Settings
from closurelint.result import FileResult

MANY = 160
"""Files enough that the work is shared among processes."""

FIXED = ALIASED.replace("def f(W)", "def f(_)")
LIMIT = 200
"""Bytes that a file may grow to where the disk is full; the files of a run are larger."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are driven as on Unix")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "closurelint.toml").touch()
    for number in range(MANY):
        (tmp_path / f"file{number:03}.py").write_text(ALIASED if number % 4 == 0 else CLEAN)
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "closurelint", *words]


def environment(**more: str) -> dict[str, str]:
    # on a full disk Python itself would leave half a compiled module, and the next run would trip over it
    here = {"PYTHONPATH": str(Path(closurelint.__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**os.environ, **here, **more}


def run(
    tree: Path, *words: str, before: Callable[[], None] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        cwd=tree,
        env=environment(**more),
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def full_disk() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# -- processes that die -----------------------------------------------------------------------------------------------


def children(process: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found by way of /proc")
@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_is_killed_costs_nothing(tree: Path, deaths: int) -> None:
    words = ("--no-cache", "--jobs", "2", "--output-format", "json", ".")
    undisturbed = run(tree, *words)
    with subprocess.Popen(command(*words), cwd=tree, env=environment(), stdout=subprocess.PIPE) as process:
        end = time.monotonic() + 60
        while len(found := children(process.pid)) < 2 and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        for child in found[:deaths]:
            os.kill(child, signal.SIGKILL)
        output = process.communicate(timeout=120)[0].decode()
    assert len(found) == 2
    assert process.returncode == undisturbed.returncode == 1
    assert output == undisturbed.stdout


def test_files_that_end_their_process_are_named_and_the_others_are_checked(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = {"file003.py", "file004.py", "file005.py", "file159.py"}
    real = engine.check_file

    def dying(path: str, settings: Settings, *more: object, **named: object) -> FileResult:
        if Path(path).name in deadly:
            os._exit(11)
        return real(path, settings, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "check_file", dying)
    listed = [(str(path), Settings(replay=False)) for path in sorted(tree.glob("*.py"))]
    results = list(workers.check_in_processes(listed, 2))
    assert [result.filename for result in results] == [path for path, _ in listed]
    for number, result in enumerate(results):
        expected = ["CLO201"] if number % 4 == 0 else []
        name = Path(result.filename).name
        assert [item.code for item in result.diagnostics] == (["CLO900"] if name in deadly else expected)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_fix_leaves_each_file_old_or_new(tree: Path, number: signal.Signals) -> None:
    words = ("--fix", "--no-cache", "--no-replay", "--jobs", "2", ".")
    seen = set()
    started = time.monotonic()
    finished = subprocess.run(
        command(*words), cwd=shutil.copytree(tree, tree.with_name(f"{tree.name}-whole")), env=environment()
    )
    assert finished.returncode == 0
    whole = time.monotonic() - started
    for part in (0.4, 0.7, 0.9):
        copy = shutil.copytree(tree, tree.with_name(f"{tree.name}-{part}"))
        with subprocess.Popen(
            command(*words), cwd=copy, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            time.sleep(whole * part)
            process.send_signal(number)
            errors = process.communicate(timeout=60)[1]
        assert b"Traceback" not in errors
        assert process.returncode in (128 + number, 0, 1, -number)
        assert names(copy) == names(tree)
        for path in copy.glob("*.py"):
            text = path.read_text()
            seen.add(text)
            assert text in (ALIASED, FIXED, CLEAN), path
    assert ALIASED in seen


def test_two_runs_at_once_share_a_cache(tree: Path) -> None:
    alone = run(tree, "--no-cache", ".")
    running = [
        subprocess.Popen(command("."), cwd=tree, env=environment(), stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert said == [alone.stdout] * 4
    assert run(tree, ".").stdout == alone.stdout
    kept = names(tree / ".closurelint_cache")
    assert len(kept) == 3, kept
    assert {".gitignore", "CACHEDIR.TAG"} < set(kept)


# -- disks and permissions --------------------------------------------------------------------------------------------


def test_a_full_disk_costs_the_cache_only(tree: Path) -> None:
    outcome = run(tree, ".", before=full_disk)
    assert outcome.returncode == 1
    assert outcome.stdout == run(tree, "--no-cache", ".").stdout
    assert "Traceback" not in outcome.stderr
    assert set(names(tree / ".closurelint_cache")) <= {".gitignore", "CACHEDIR.TAG"}


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (("--baseline", "known.json", "--write-baseline"), "known.json"),
        (("--output-format", "json", "--output-file", "report.json"), "report.json"),
    ],
    ids=["baseline", "report"],
)
def test_a_full_disk_leaves_what_was_there(tree: Path, words: tuple[str, ...], target: str) -> None:
    assert run(tree, *words, ".").returncode in (0, 1)
    before = (tree / target).read_bytes()
    assert len(before) > LIMIT
    (tree / "another.py").write_text(ALIASED)
    outcome = run(tree, *words, ".", before=full_disk)
    assert outcome.returncode == 2
    assert target in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert (tree / target).read_bytes() == before
    assert [name for name in names(tree) if target in name] == [target]


def test_a_full_disk_leaves_the_files_that_were_to_be_fixed(tree: Path) -> None:
    outcome = run(tree, "--fix", "--no-cache", ".", before=full_disk)
    assert outcome.returncode == 2
    assert "file000.py cannot be written" in outcome.stderr
    assert {path.read_text() for path in tree.glob("*.py")} == {ALIASED, CLEAN}
    assert len(names(tree)) == MANY + 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may write everywhere")
def test_a_tree_that_is_read_only_is_checked(tree: Path) -> None:
    expected = run(tree, "--no-cache", ".").stdout
    tree.chmod(0o555)
    try:
        assert run(tree, ".").stdout == expected
        assert run(tree, "--fix", ".").returncode == 2
    finally:
        tree.chmod(0o755)


def test_a_full_standard_output_is_said(tree: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a stream for the process
        outcome = subprocess.run(
            command("."), cwd=tree, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert outcome.returncode == 2
    assert "No space left on device" in outcome.stderr
    assert "Traceback" not in outcome.stderr


# -- files that change meanwhile --------------------------------------------------------------------------------------


def test_a_file_that_vanishes_costs_one_diagnostic(tree: Path) -> None:
    settings = Settings()
    paths = [str(tree / "gone.py"), str(tree / "file000.py")]
    gone, there = engine.check_files([(path, settings) for path in paths])
    assert [item.code for item in gone.diagnostics] == ["CLO900"]
    assert "cannot be read" in gone.diagnostics[0].message
    assert [item.code for item in there.diagnostics] == ["CLO201"]


def test_a_file_that_changes_while_it_is_read_is_read_again_next_time(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tree / "file000.py")
    directory = str(tree / "kept")

    def codes() -> list[str]:
        (result,) = cache.check_files([(path, Settings(replay=False))], [path], directory)
        return [item.code for item in result.diagnostics]

    read = files.read_file

    def changing(name: str, largest: int = files.LARGEST) -> bytes:
        data = read(name, largest)
        Path(name).write_text(CLEAN.ljust(len(data)))
        return data

    monkeypatch.setattr(files, "read_file", changing)
    assert codes() == ["CLO201"]
    monkeypatch.undo()
    assert codes() == []


def test_a_clock_that_goes_backwards_hides_no_change(tree: Path) -> None:
    path = tree / "file000.py"
    assert "file000.py" in run(tree, ".").stdout
    path.write_text(CLEAN.ljust(len(ALIASED)))
    os.utime(path, (1, 1))
    assert "file000.py" not in run(tree, ".").stdout
    path.write_text(ALIASED)
    os.utime(path, (2**31, 2**31))
    assert "file000.py" in run(tree, ".").stdout


def test_a_fix_keeps_what_somebody_else_has_written_meanwhile(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from closurelint.commands.cli import main

    monkeypatch.chdir(tree)
    real = engine.check_files

    def changing(*words: object, **more: object) -> Iterator[object]:
        for result in real(*words, **more):  # type: ignore[arg-type]
            if result.filename.endswith("file000.py"):
                (tree / "file000.py").write_text(ALIASED + "more = 1\n")
            yield result

    monkeypatch.setattr(engine, "check_files", changing)
    assert main(["--fix", "--no-replay", "--no-cache", "file000.py", "file004.py"]) == 0
    assert (tree / "file000.py").read_text() == FIXED + "more = 1\n"
    assert (tree / "file004.py").read_text() == FIXED


# -- the same bytes, whatever ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "full"])
def test_the_output_does_not_depend_on_chance(tree: Path, form: str) -> None:
    words = ("--output-format", form)
    first = run(tree, *words, "--no-cache", "--jobs", "1", ".", PYTHONHASHSEED="0").stdout
    assert "CLO201" in first
    assert first == run(tree, *words, "--no-cache", "--jobs", "2", ".", PYTHONHASHSEED="1").stdout
    cold = run(tree, *words, ".", PYTHONHASHSEED="77").stdout
    warm = run(tree, *words, ".", PYTHONHASHSEED="123").stdout
    assert first == cold == warm


def test_the_output_does_not_depend_on_the_order_of_paths(tree: Path) -> None:
    paths = [path.name for path in sorted(tree.glob("*.py"))]
    words = ("--output-format", "json", "--no-replay")
    outputs = [json.loads(run(tree, *words, *order).stdout) for order in (paths, paths[::-1], ["."])]
    assert outputs[0] == outputs[1] == outputs[2]
