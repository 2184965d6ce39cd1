"""`closurelint scan`: every kind of source gives the same findings, nothing is lost or double, nothing is harmed."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_harness import ALIASED, CLEAN, DETACHED, DIFFERENTIATOR, Outcome

from closurelint import __version__
from closurelint.commands.cli import main
from closurelint.configuration.settings import Settings
from closurelint.engine import check_bytes
from closurelint.scan import archives, check, places, planning, table
from closurelint.scan.shard import Reading, Shard, Task
from closurelint.scan.spread import spread

ROOT = Path(__file__).parent.parent
HELPER = DIFFERENTIATOR.replace("numerical_gradient", "slope")
USES_ANOTHER_FILE = """\
from .helper import slope

dW = slope(lambda W: net.loss(x, t), net.W.copy())
"""
PROJECT = {
    "pkg/__init__.py": "",
    "pkg/area.py": CLEAN,
    "pkg/fit.py": DETACHED,
    "pkg/helper.py": HELPER,
    "pkg/use.py": USES_ANOTHER_FILE,
    "pkg/notes.txt": DETACHED,
    "node_modules/tool.py": DETACHED,
    "pyproject.toml": '[tool.closurelint]\nselect = ["CLO9"]\nexclude = ["*"]\n',
}
FOUND = {("pkg/fit.py", "CLO103"), ("pkg/use.py", "CLO103")}
FOUND_ONE_BY_ONE = {("pkg/fit.py", "CLO103"), ("pkg/use.py", "CLO301")}
Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in a folder of its own, in this process and without replay."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def once(*words: str | Path) -> Outcome:
        status = main(["scan", "--no-replay", "--jobs", "1", *map(str, words)])
        return Outcome(status, *capsys.readouterr())

    return once


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def zipped(path: Path, files: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def tarred(path: Path, files: dict[str, str], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            add(archive, name, text)
    return path


def add(archive: tarfile.TarFile, name: str, text: str = "", kind: bytes = tarfile.REGTYPE, target: str = "") -> None:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(text.encode()), kind, target
    archive.addfile(member, io.BytesIO(text.encode()))


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path, files: dict[str, str]) -> Path:
    write(folder, files)
    git(folder, "init", "-q")
    git(folder, "add", "--force", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(each) for each in text.splitlines()]


def found(text: str) -> set[tuple[str, str]]:
    seen = [(each["filename"], each["code"]) for each in records(text)]
    assert len(set(seen)) == len(seen)
    return set(seen)


def parts(folder: Path) -> list[dict[str, Any]]:
    return [each for part in sorted(folder.glob("part-*.jsonl")) for each in records(part.read_text("utf-8"))]


def manifest(folder: Path) -> list[dict[str, Any]]:
    return records((folder / "manifest.jsonl").read_text("utf-8"))


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_printed(tmp_path: Path, blessed: Callable[[Path, str], None]) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    examples = ROOT / "fixtures" / "readme"
    zipped(corpus / "course.zip", {"ch04/gradient.py": (examples / "gradient_simplenet.py").read_text("utf-8")})
    tarred(corpus / "copies-1.0.tar.gz", {"copies-1.0/a.py": (examples / "gradient_of_a_copy.py").read_text("utf-8")})
    text_file(corpus / "broken.whl")
    page = ROOT / "docs" / "scan.md"

    def shown(match: re.Match[str]) -> str:
        command = [sys.executable, "-m", *match[1].split()]
        done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        return f"<!-- output: {match[1]} -->\n```text\n{done.stdout}{done.stderr}```\n<!-- end -->"

    text = re.sub(r"<!-- output: (.*?) -->\n.*?<!-- end -->", shown, page.read_text("utf-8"), flags=re.DOTALL)
    blessed(page, text)


# -- sources ----------------------------------------------------------------------------------------------------------


def bare(path: Path) -> Path:
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(repository(path.parent / "clone", PROJECT)), str(path)], check=True
    )
    return path


SOURCES: dict[str, Callable[[Path], Path]] = {
    "folder": lambda path: write(path / "project", PROJECT),
    "zip": lambda path: zipped(path / "a.zip", PROJECT),
    "bzip2 in zip": lambda path: zipped(path / "a.zip", PROJECT, zipfile.ZIP_BZIP2),
    "wheel": lambda path: zipped(path / "a-1.0-py3-none-any.whl", PROJECT),
    "tar": lambda path: tarred(path / "a.tar", PROJECT, "w"),
    "tar.gz": lambda path: tarred(path / "a.tar.gz", PROJECT, "w:gz"),
    "tar.bz2": lambda path: tarred(path / "a.tar.bz2", PROJECT, "w:bz2"),
    "tar.xz": lambda path: tarred(path / "a.tar.xz", PROJECT, "w:xz"),
    "bare repository": lambda path: bare(path / "a.git"),
    ".git": lambda path: repository(path / "a", PROJECT) / ".git",
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_findings_of_its_files_and_of_their_imports(run: Run, tmp_path: Path, kind: str) -> None:
    source = SOURCES[kind](tmp_path)
    outcome = run(source)
    assert outcome.status == 1
    assert found(outcome.output) == FOUND
    assert {each["shard"] for each in records(outcome.output)} == {str(source)}
    assert "scanned 1 shard: 5 files of" in outcome.errors


def test_a_folder_is_divided_into_projects_and_what_is_in_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    write(corpus, {"loose.py": DETACHED, "deep/er.py": CLEAN})
    for name in ("one", "two"):
        write(corpus / "owner" / name, {"setup.py": "", **{f"{n}.py": f"# {n}\n{DETACHED}" for n in "abc"}})
    zipped(corpus / "owner" / "a.zip", {"z.py": DETACHED})
    bare(corpus / "owner" / "b.git")
    shutil.rmtree(corpus / "owner" / "clone")
    monkeypatch.setattr(planning, "FILES_PER_SHARD", 3)
    outcome = run(corpus)
    shards = {each["shard"].removeprefix(f"{corpus}") for each in records(outcome.output)}
    assert shards == {"", *(f"/owner/{name}" for name in ("one#1", "two#1", "a.zip", "b.git"))}
    assert "scanned 7 shards: 16 files" in outcome.errors


def test_what_is_asked_of_many_is_told_in_the_same_order_by_any_number_of_processes(run: Run, tmp_path: Path) -> None:
    sources = [zipped(tmp_path / f"{n}.zip", {f"{m}.py": f"# {n} {m}\n{DETACHED}" for m in range(3)}) for n in range(8)]
    alone = run(*sources)
    assert [each["shard"] for each in records(alone.output)] == [str(each) for each in sources for _ in range(3)]
    assert run("-j", "2", *sources) == alone


def test_the_history_of_a_repository_is_checked_blob_by_blob(run: Run, tmp_path: Path) -> None:
    folder = repository(tmp_path / "a", {"fit.py": DETACHED})
    write(folder, {"fit.py": CLEAN})
    git(folder, "rm", "-q", "--cached", "fit.py")
    git(folder, "commit", "-q", "-m", "second")
    git(folder, "checkout", "-q", "-b", "other")
    write(folder, {"train.py": ALIASED})
    git(folder, "add", "train.py")
    git(folder, "commit", "-q", "-m", "third")
    git(folder, "checkout", "-q", "main")
    assert run(folder / ".git").status == 0
    assert found(run("--history", folder / ".git").output) == {("fit.py", "CLO103"), ("train.py", "CLO201")}


def test_equal_files_are_checked_once_and_all_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[bytes] = []

    def counted(data: bytes, *given: Any, **named: Any) -> Any:
        checked.append(data)
        return check_bytes(data, *given, **named)

    monkeypatch.setattr(check, "check_bytes", counted)
    monkeypatch.setattr(check, "TOGETHER", 2000)
    files = {f"{n}/fit.py": DETACHED for n in range(9)} | {f"{n}/area.py": CLEAN for n in range(9)}
    outcome = run(zipped(tmp_path / "a.zip", files))
    (record,) = records(outcome.output)
    assert [record["filename"], *record["copies"]] == [f"{n}/fit.py" for n in range(9)]
    assert len(checked) == 2
    assert "18 files" in outcome.errors
    assert "16 of them copies" in outcome.errors


def test_ignoring_a_rule_somewhere_tells_copies_apart(run: Run, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"tests/fit.py": DETACHED, "src/fit.py": DETACHED})
    outcome = run("--per-file-ignores", "tests/*:CLO1", archive)
    assert found(outcome.output) == {("src/fit.py", "CLO103")}
    assert records(outcome.output)[0]["copies"] == []


def test_imports_stay_within_what_is_read_together(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tarred(tmp_path / "a.tar.gz", PROJECT)
    monkeypatch.setattr(check, "TOGETHER", 1)
    assert found(run(archive).output) == FOUND_ONE_BY_ONE


# -- Parquet ----------------------------------------------------------------------------------------------------------


def parquet(path: Path | io.BytesIO, rows_per_group: int = 2, /, **columns: list[Any]) -> Any:
    pytest.importorskip("pyarrow")
    import pyarrow
    from pyarrow.parquet import write_table

    write_table(pyarrow.table(columns), path, row_group_size=rows_per_group)
    return path


def test_a_table_is_checked_row_by_row(run: Run, tmp_path: Path) -> None:
    texts = [CLEAN, DETACHED, None, ALIASED, DETACHED]
    assert found(run(parquet(tmp_path / "a.parquet", content=texts)).output) == {
        ("row-1.py", "CLO103"),
        ("row-3.py", "CLO201"),
    }
    names = ["a.py", "b/c.py", "d.py", "e.txt", None]
    table = parquet(tmp_path / "b.parquet", code=texts, file=names)
    outcome = run("--text-column", "code", "--path-column", "file", table)
    assert found(outcome.output) == {("b/c.py", "CLO103")}
    assert records(outcome.output)[0]["copies"] == ["row-4.py"]
    assert "1 file is empty and left out" in outcome.errors


def test_a_row_does_not_import_from_another(run: Run, tmp_path: Path) -> None:
    names, texts = zip(*PROJECT.items(), strict=True)
    table = parquet(tmp_path / "a.parquet", content=list(texts), path=list(names))
    assert found(run("--path-column", "path", table).output) == FOUND_ONE_BY_ONE


def test_a_large_table_is_several_shards(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "WORTH_A_SHARD", 1)
    monkeypatch.setattr(table, "BATCH", 500)
    source = parquet(tmp_path / "a.parquet", 4, content=[f"# {n}\n{DETACHED}" for n in range(10)])
    outcome = run(source)
    assert [(each["shard"], each["filename"]) for each in records(outcome.output)] == [
        (f"{source}#{n // 4 + 1}", f"row-{n}.py") for n in range(10)
    ]


def test_urls_are_opened_by_fsspec(run: Run, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    folder = "memory://closurelint-test"
    for name in ("a", "b"):
        data = io.BytesIO()
        parquet(data, content=[DETACHED])
        fsspec.filesystem("memory").pipe(f"{folder}/{name}.parquet", data.getvalue())
    fsspec.filesystem("memory").pipe(f"{folder}/c.zip", zipped(tmp_path / "c.zip", PROJECT).read_bytes())
    fsspec.filesystem("memory").pipe(f"{folder}/d.txt", b"no program")
    try:
        outcome = run(folder)
        assert [each["shard"] for each in records(outcome.output)] == [
            f"memory:///closurelint-test/{name}" for name in ("a.parquet", "b.parquet", "c.zip", "c.zip")
        ]
        assert len(records(run(f"{folder}/*.parquet").output)) == 2
        assert found(run(f"file://{tmp_path}/c.zip").output) == FOUND
        assert run("--output", "out", f"{folder}/c.zip").status == 1
        assert "1 of them by an earlier run" in run("--output", "out", f"{folder}/c.zip").errors
        assert "it cannot be read" in run(f"{folder}/e.zip").errors
    finally:
        fsspec.filesystem("memory").rm(folder, recursive=True)
    outcome = run("nonsense://a/b.parquet")
    assert outcome.status == 2
    assert "nonsense://a/b.parquet cannot be opened: Protocol not known" in outcome.errors


# -- what is broken ---------------------------------------------------------------------------------------------------


def truncated(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-200])
    return path


def damaged_tar(path: Path) -> Path:
    tarred(path, {f"{n}.py": CLEAN for n in range(9)}, "w")
    data = bytearray(path.read_bytes())
    data[4 * 1024 : 4 * 1024 + 200] = b"x" * 200
    path.write_bytes(data)
    return path


def damaged_zip(path: Path) -> Path:
    data = zipped(path, {"a.py": CLEAN}, zipfile.ZIP_STORED).read_bytes()
    path.write_bytes(data.replace(b"width", b"WIDTH", 1))
    return path


def text_file(path: Path) -> Path:
    path.write_text("no archive")
    return path


def no_commit(path: Path) -> Path:
    path.mkdir()
    git(path, "init", "-q", "--bare")
    return path


BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no zip": (lambda path: text_file(path / "a.zip"), "it cannot be read: BadZipFile: File is not a zip file"),
    "damaged zip": (lambda path: damaged_zip(path / "a.zip"), "Bad CRC-32 for file 'a.py'"),
    "no tar": (lambda path: text_file(path / "a.tar"), "it cannot be read: ReadError"),
    "truncated": (lambda path: truncated(tarred(path / "a.tgz", PROJECT)), "it cannot be read: EOFError"),
    "damaged tar": (lambda path: damaged_tar(path / "a.tar"), "it is damaged after some of its files"),
    "no table": (lambda path: text_file(path / "a.parquet"), "it is not valid Parquet"),
    "no column": (lambda path: parquet(path / "a.parquet", text=["a"]), "it has no column `content`, but `text`: name"),
    "numbers": (lambda path: parquet(path / "a.parquet", content=[1]), "its column `content` holds no text"),
    "missing": (lambda path: path / "a.zip", "there is no such file or folder"),
    "no commit": (lambda path: no_commit(path / "a.git"), "is it a repository with a commit"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_shard_is_told_and_passed_over(run: Run, tmp_path: Path, kind: str) -> None:
    if kind in ("no table", "no column", "numbers"):
        pytest.importorskip("pyarrow")
    make, message = BROKEN[kind]
    bad = make(tmp_path)
    outcome = run("--output", "out", bad, zipped(tmp_path / "good.zip", PROJECT))
    assert outcome.status == 2
    (told,) = [each for each in outcome.errors.splitlines() if each.startswith("closurelint: error: ")]
    assert told.startswith(f"closurelint: error: {bad}: ")
    assert message in told
    assert "1 shard could not be read" in outcome.errors
    assert {(each["filename"], each["code"]) for each in parts(Path("out"))} == FOUND
    assert {each["shard"]: each["problem"] is None for each in manifest(Path("out"))} == {
        str(bad): False,
        str(tmp_path / "good.zip"): True,
    }
    again = run("--output", "out", bad, tmp_path / "good.zip")
    assert (again.status, "1 of them by an earlier run" in again.errors) == (2, True)


def test_nothing_to_scan_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = run(tmp_path / "empty")
    assert outcome.status == 2
    assert "there is nothing to scan in" in outcome.errors


# -- what is hostile --------------------------------------------------------------------------------------------------


def test_names_in_an_archive_are_only_labels(run: Run, tmp_path: Path) -> None:
    hostile = [
        "/etc/fit.py",
        "../../out.py",
        "C:\\windows\\fit.py",
        "a/./b//../fit.py",
        "new\nline.py",
        "..",
        "\x1b[2J.py",
    ]
    labels = {"etc/fit.py", "out.py", "C:/windows/fit.py", "a/b/fit.py", "new\nline.py", "\x1b[2J.py"}
    files = {name: f"# {number}\n{DETACHED}" for number, name in enumerate(hostile)}
    before = sorted(tmp_path.rglob("*"))
    for archive in (zipped(tmp_path / "a.zip", files), tarred(tmp_path / "a.tar.gz", files)):
        assert found(run(archive).output) == {(label, "CLO103") for label in labels}
        archive.unlink()
    assert sorted(tmp_path.rglob("*")) == before


def test_an_archive_does_not_reach_the_files_of_the_disk(run: Run, tmp_path: Path) -> None:
    write(Path(), {"pkg/__init__.py": "", "pkg/helper.py": HELPER})
    archive = tmp_path / "a.tar"
    with tarfile.open(archive, "w") as opened:
        add(opened, "pkg/use.py", USES_ANOTHER_FILE)
        add(opened, "pkg/link.py", "", tarfile.SYMTYPE, str(Path("pkg/helper.py").resolve()))
        add(opened, "pkg/hard.py", "", tarfile.LNKTYPE, "pkg/use.py")
        add(opened, "pkg/pipe.py", "", tarfile.FIFOTYPE)
        add(opened, "pkg/device.py", "", tarfile.CHRTYPE)
    outcome = run(archive)
    assert found(outcome.output) == {("pkg/use.py", "CLO301")}
    assert "1 file of" in outcome.errors


def test_a_large_file_is_left_out_without_being_unpacked(run: Run, tmp_path: Path) -> None:
    files = {"large.py": "#" * 1_500_000, "fit.py": DETACHED}
    for source in (
        zipped(tmp_path / "a.zip", files),
        zipped(tmp_path / "b.zip", files, zipfile.ZIP_LZMA),
        tarred(tmp_path / "a.tar.gz", files),
        write(tmp_path / "folder", files),
        repository(tmp_path / "a", files) / ".git",
    ):
        outcome = run("--size-limit", "1", source)
        assert found(outcome.output) == {("fit.py", "CLO103")}
        assert "1 file is too large and left out" in outcome.errors


@pytest.mark.parametrize("kind", ["a.zip", "a.tar.gz", "a.tar.bz2"])
def test_a_bomb_is_defused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(archives, "ALWAYS_ALLOWED", 1_000_000)
    files = {f"{n}.{'py' if kind == 'a.zip' else 'bin'}": "\n" * 900_000 for n in range(20)}
    if kind == "a.zip":
        zipped(tmp_path / kind, files)
    else:
        tarred(tmp_path / kind, files, "w:bz2" if kind.endswith("bz2") else "w:gz")
    outcome = run(tmp_path / kind)
    assert outcome.status == 2
    assert "it unpacks to more than 250 times its size" in outcome.errors


def test_a_header_that_wants_the_whole_memory_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_HEADER", 100_000)
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        add(archive, "name", "x" * 200_000, tarfile.GNUTYPE_LONGNAME)
    assert "a header in it has 200192 bytes" in run(tmp_path / "a.tar.gz").errors
    zipped(tmp_path / "a.zip", {f"{'n' * 200}{number}.py": "" for number in range(500)})
    outcome = run(tmp_path / "a.zip")
    assert outcome.status == 2
    assert "more than is read at once" in outcome.errors


def test_a_file_that_lies_about_its_size_is_left_out(run: Run, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.py": "#" * 5_000_000})
    data = path.read_bytes()
    path.write_bytes(data.replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    outcome = run("--size-limit", "1", path)
    assert outcome.status == 2
    assert "Bad CRC-32" in outcome.errors


def test_an_encrypted_file_is_counted(run: Run, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.py": CLEAN})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    outcome = run(path)
    assert outcome.status == 0
    assert "1 file is encrypted and left out" in outcome.errors


def test_a_repository_that_wants_to_fetch_starts_nothing(run: Run, tmp_path: Path) -> None:
    folder = repository(tmp_path / "a", {"fit.py": DETACHED, "gone.py": CLEAN})
    number = git(folder, "rev-parse", "HEAD:gone.py")
    (folder / ".git" / "objects" / number[:2] / number[2:]).unlink()
    for name, value in {
        "remote.origin.url": "ssh://example.org/a",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "core.sshCommand": f"touch {tmp_path / 'started'};",
    }.items():
        git(folder, "config", name, value)
    outcome = run(folder / ".git")
    assert not (tmp_path / "started").exists()
    assert found(outcome.output) == {("fit.py", "CLO103")}
    assert "1 file is missing and left out" in outcome.errors


# -- results, and going on --------------------------------------------------------------------------------------------


def test_a_second_scan_does_only_what_is_not_finished(run: Run, tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", Path("out")
    corpus.mkdir()
    for n in range(4):
        zipped(corpus / f"{n}.zip", {"fit.py": f"# {n}\n{DETACHED}" if n else CLEAN})
    command = ("--output", out, corpus)
    assert run(*command).status == 1
    assert (len(parts(out)), len(manifest(out)), len(list(out.iterdir()))) == (3, 4, 4)
    first = (out / "manifest.jsonl").read_bytes()

    assert "4 shards, 4 of them by an earlier run: 4 files" in run(*command).errors
    assert (out / "manifest.jsonl").read_bytes() == first

    zipped(corpus / "1.zip", {"fit.py": CLEAN})
    assert "3 of them by an earlier run" in run(*command).errors
    assert len(parts(out)) == 2

    next(out.glob("part-*")).unlink()
    assert "3 of them by an earlier run" in run(*command).errors
    assert len(parts(out)) == 2

    (corpus / "2.zip").unlink()
    assert "3 shards, 3 of them by an earlier run" in run(*command).errors
    assert (len(parts(out)), len(manifest(out))) == (1, 3)

    assert run(*command, "--ignore", "CLO103").status == 0
    assert not parts(out)


def test_a_scan_that_was_ended_in_the_middle_is_gone_on_with(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [zipped(tmp_path / f"{n}.zip", {"fit.py": f"# {n}\n{DETACHED}"}) for n in range(4)]
    asked: list[Any] = []

    def interrupted(*given: Any, **named: Any) -> Any:
        asked.append(given)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return check_bytes(*given, **named)

    monkeypatch.setattr(check, "check_bytes", interrupted)
    assert run("--output", "out", *sources).status == 130
    with Path("out/manifest.jsonl").open("a") as stream:
        stream.write('{"shard": "to')
    assert "2 of them by an earlier run" in run("--output", "out", *sources).errors
    assert sorted(each["shard"] for each in parts(Path("out"))) == [str(each) for each in sources]
    assert len(manifest(Path("out"))) == 4


def test_a_folder_of_results_holds_those_of_several_scans(run: Run, tmp_path: Path) -> None:
    one, two = (zipped(tmp_path / name, PROJECT) for name in ("a.zip", "b.zip"))
    run("--output", "out", one)
    run("--output", "out", two)
    assert {each["shard"] for each in parts(Path("out"))} == {str(one), str(two)}


def test_only_a_folder_of_results_is_written_to(run: Run, tmp_path: Path) -> None:
    write(Path("mine"), {"a.txt": "mine"})
    outcome = run("--output", "mine", zipped(tmp_path / "a.zip", PROJECT))
    assert outcome.status == 2
    assert "`--output` mine holds other files, name a new folder" in outcome.errors
    assert [each.name for each in Path("mine").iterdir()] == ["a.txt"]


def test_two_scans_do_not_write_to_one_folder(run: Run, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    source = zipped(tmp_path / "a.zip", PROJECT)
    run("--output", "out", source)
    with Path("out/manifest.jsonl").open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        outcome = run("--output", "out", source)
    assert (outcome.status, "another scan is writing to" in outcome.errors) == (2, True)


def test_results_as_parquet_have_one_schema(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow.parquet import read_table

    for n, text in enumerate((DETACHED, ALIASED, ALIASED)):
        zipped(tmp_path / f"{n}.zip", {"a.py": f"# {n}\n{text}", "b.py": f"# {n}\n{text}"})
    sources = [tmp_path / f"{n}.zip" for n in range(3)]
    assert run("--output", "out", "--output-format", "parquet", "--replay", *sources).status == 1
    rows = sorted(
        (row for part in Path("out").glob("*.parquet") for row in read_table(part).to_pylist()),
        key=lambda row: str(row["shard"]),
    )
    assert len({str(read_table(part).schema) for part in Path("out").glob("*.parquet")}) == 1
    assert [(row["code"], row["row"], row["copies"], row["verdict"], row["copy"]) for row in rows] == [
        ("CLO103", 18, ["b.py"], "confirmed", 0.0),
        ("CLO201", 18, ["b.py"], "confirmed", 0.0),
        ("CLO201", 18, ["b.py"], "confirmed", 0.0),
    ]
    assert json.loads(rows[0]["json"])["sha256"] == rows[0]["sha256"]
    assert run("--output-format", "parquet", *sources).status == 2


# -- processes that die -----------------------------------------------------------------------------------------------


class Fragile(Executor):
    """Works in this process, and breaks for ever when it is given one of the deadly shards."""

    def __init__(self, deadly: list[str]) -> None:
        self.deadly, self.broken = deadly, False

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        if self.broken:
            raise BrokenExecutor
        future: Future[Any] = Future()
        if given[0].shard.name in self.deadly:
            self.deadly.remove(given[0].shard.name)
            self.broken = True
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*given))
        return future


def tasks(folder: Path, count: int) -> list[Task]:
    write(folder, {f"{n}.py": CLEAN for n in range(count)})
    return [
        Task(Shard(str(n), "", "files", str(folder), "", (f"{n}.py",)), Settings(), Reading(), __version__)
        for n in range(count)
    ]


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_only_the_shard_that_ends_its_process_twice_has_a_problem(tmp_path: Path, at_once: int) -> None:
    given = tasks(tmp_path, 9)
    deadly = ["0", "4", "4", "8", "8"]
    outcomes = list(spread(given, lambda: Fragile(deadly), at_once))
    assert sorted(task.shard.name for task, _ in outcomes) == [str(n) for n in range(9)]
    assert {task.shard.name for task, outcome in outcomes if outcome.problem} == {"4", "8"}
    assert all("the process that checks it dies" in str(outcome.problem) for _, outcome in outcomes if outcome.problem)
    assert not deadly


def test_any_executor_will_do(tmp_path: Path) -> None:
    outcomes = list(spread(tasks(tmp_path, 9), lambda: ThreadPoolExecutor(3), 5))
    assert sorted((task.shard.name, outcome.files) for task, outcome in outcomes) == [(str(n), 1) for n in range(9)]


def test_a_worker_with_another_version_says_so(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, 1)
    outcome = check.check_shard(replace(task, version="9.9"))
    assert outcome.problem == f"the worker has closurelint {__version__}, install 9.9 there"


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def corpus(folder: Path) -> list[str]:
    """Shards of which each takes a moment."""
    return [
        str(zipped(folder / f"{n:02}.zip", {f"{m}.py": f"# {n} {m}\n{DETACHED}" for m in range(5)})) for n in range(16)
    ]


def started(*words: str, cwd: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "closurelint", "scan", "--no-replay", "--output", "out", *words]
    return subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT, text=True, stderr=subprocess.PIPE)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def finished(folder: Path) -> int:
    log = folder / "out" / "manifest.jsonl"
    return log.read_bytes().count(b"}\n") if log.exists() else 0


def assert_nothing_is_lost_or_double(sources: list[str], out: Path) -> None:
    assert [each["shard"] for each in manifest(out)] == sources
    assert all(each["problem"] is None for each in manifest(out))
    assert sorted((each["shard"], each["filename"]) for each in parts(out)) == [
        (source, f"{m}.py") for source in sources for m in range(5)
    ]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc")
def test_a_process_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    sources = corpus(tmp_path)
    scan = started("--jobs", "2", *sources, cwd=tmp_path)
    wait_for(lambda: finished(tmp_path) >= 5)
    children = Path(f"/proc/{scan.pid}/task/{scan.pid}/children").read_text().split()
    workers = [int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    left = len(sources) - finished(tmp_path)
    _, errors = scan.communicate(timeout=120)
    assert left > 0
    assert scan.returncode == 1, errors
    assert_nothing_is_lost_or_double(sources, tmp_path / "out")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc")
def test_a_scan_that_is_told_to_end_leaves_no_process(tmp_path: Path) -> None:
    scan = started("--jobs", "2", *corpus(tmp_path), cwd=tmp_path)
    wait_for(lambda: finished(tmp_path) >= 2)
    children = Path(f"/proc/{scan.pid}/task/{scan.pid}/children").read_text().split()
    scan.terminate()
    _, errors = scan.communicate(timeout=60)
    assert (scan.returncode, errors) == (128 + signal.SIGTERM, "")
    wait_for(lambda: not any(Path(f"/proc/{each}").exists() for each in children))


def test_a_store_that_fails_in_its_own_way_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(place: str) -> str:
        raise RuntimeError("no credentials")

    monkeypatch.setattr(places, "stamp_of", refused)
    outcome = run(zipped(tmp_path / "a.zip", PROJECT))
    assert outcome.status == 2
    assert "a.zip: it cannot be read: RuntimeError: no credentials" in outcome.errors


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a Dask scheduler, and its worker processes, which nobody starts again."""
    pytest.importorskip("distributed")
    about = tmp_path / "scheduler.json"

    def process(program: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", "--scheduler-file", str(about), *words]
        command += ["--no-dashboard", "--host", "127.0.0.1"]
        return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL, cwd=tmp_path)

    scheduler = process("dask_scheduler", "--port", "0")
    workers: list[subprocess.Popen[bytes]] = []
    try:
        wait_for(lambda: about.exists() and about.stat().st_size > 0)
        workers += [process("dask_worker", "--no-nanny", "--nthreads", "1") for _ in range(3)]
        yield json.loads(about.read_text())["address"], workers
    finally:
        for each in (*workers, scheduler):
            each.kill()
            each.wait()


def test_a_worker_of_a_cluster_that_is_killed_loses_nothing(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    sources = corpus(tmp_path)
    scan = started("--scheduler", address, *sources, cwd=tmp_path)
    wait_for(lambda: finished(tmp_path) >= 5)
    workers[0].kill()
    left = len(sources) - finished(tmp_path)
    _, errors = scan.communicate(timeout=120)
    assert left > 0
    assert scan.returncode == 1, errors
    assert workers[0].wait() == -signal.SIGKILL
    assert [each.poll() for each in workers[1:]] == [None, None]
    assert_nothing_is_lost_or_double(sources, tmp_path / "out")


def test_a_scheduler_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    outcome = run("--scheduler", "nonsense", zipped(tmp_path / "a.zip", PROJECT))
    assert outcome.status == 2
    assert "`--scheduler` nonsense cannot be reached" in outcome.errors
