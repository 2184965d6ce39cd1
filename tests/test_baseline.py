"""A baseline recognises what it knows after the code has moved, and never swallows anything new."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from closurelint.baseline import BaselineProblem, Written, apply, fingerprint, read, write
from closurelint.diagnostic import Diagnostic, Position, Range
from closurelint.evidence import Claim
from closurelint.files import write_atomically
from closurelint.result import FileResult


def finding(path: Path, row: int = 1, objective: str = "lambda w: net.loss(x, t)", scope: str = "fit") -> Diagnostic:
    where = Range(Position(row, 1), Position(row, 5))
    claim = Claim(objective, ("w",), "zero", "copy")
    return Diagnostic("CLO103", "ignored-parameter", "message", str(path), where, scope=scope, claim=claim)


def unreadable(path: Path) -> Diagnostic:
    return Diagnostic("CLO900", "invalid-syntax", "no Python", str(path), Range(Position(1, 1), Position(1, 1)))


def results(path: Path, *found: Diagnostic) -> list[FileResult]:
    return [FileResult(str(path), found)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "src" / "fit.py"
    path.parent.mkdir()
    path.write_text("x = 1\n")
    return path


def test_what_is_known_is_hidden_and_counted(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    assert write(baseline, results(file, finding(file))) == Written(1, 1, 0, 0)
    (kept,), gone = apply(results(file, finding(file, row=40)), read(baseline), baseline)
    assert (kept.diagnostics, kept.baselined, gone) == ((), 1, [])


def test_reformatting_and_comments_do_not_make_it_new(file: Path) -> None:
    same = "lambda w: net.loss(  # the loss\n    x,\n    t,\n)"
    assert fingerprint(finding(file)) == fingerprint(finding(file, objective=same))


@pytest.mark.parametrize("changed", [{"objective": "lambda w: net.cost(x, t)"}, {"scope": "other"}])
def test_another_objective_or_scope_is_new(file: Path, tmp_path: Path, changed: dict[str, str]) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    (kept,), gone = apply(results(file, finding(file, **changed)), read(baseline), baseline)  # type: ignore[arg-type]
    assert len(kept.diagnostics) == 1
    assert [entry.code for entry in gone] == ["CLO103"]


def test_the_same_thing_twice_counts_twice(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    (kept,), _ = apply(results(file, finding(file), finding(file, row=9)), read(baseline), baseline)
    assert len(kept.diagnostics) == 1


def test_another_file_is_new(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    other = file.with_name("other.py")
    (kept,), gone = apply(results(other, finding(other)), read(baseline), baseline)
    assert len(kept.diagnostics) == 1
    assert gone == []


def test_a_renamed_file_is_known_and_a_copied_one_is_new(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    other = file.with_name("other.py")
    other.write_text(file.read_text())
    both = [*results(file, finding(file)), *results(other, finding(other))]
    kept, gone = apply(both, read(baseline), baseline)
    assert ([len(result.diagnostics) for result in kept], gone) == ([0, 1], [])
    file.unlink()
    twice = results(other, finding(other), finding(other, row=7))
    (renamed,), gone = apply(twice, read(baseline), baseline)
    assert (len(renamed.diagnostics), renamed.baselined, gone) == (1, 1, [])
    assert write(baseline, results(other, finding(other))) == Written(1, 0, 0, 0)
    assert [entry.file for entry in read(baseline)] == ["src/other.py"]


def test_what_was_not_looked_for_is_neither_gone_nor_dropped(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    other = file.with_name("other.py")
    other.write_text("y = 2\n")
    write(baseline, [*results(file, finding(file)), *results(other, finding(other))])
    assert apply(results(file), read(baseline), baseline, lambda code, name: False)[1] == []
    assert apply(results(file, unreadable(file)), read(baseline), baseline)[1] == []
    assert [entry.file for entry in apply(results(file), read(baseline), baseline)[1]] == ["src/fit.py"]
    assert write(baseline, results(file)) == Written(1, 0, 1, 1)
    assert [entry.file for entry in read(baseline)] == ["src/other.py"]


def test_entries_of_deleted_files_are_gone(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    file.unlink()
    _, gone = apply([], read(baseline), baseline)
    assert [entry.file for entry in gone] == ["src/fit.py"]


def test_writing_says_what_was_added_and_removed(file: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    write(baseline, results(file, finding(file)))
    assert write(baseline, results(file, finding(file, scope="a"), finding(file, scope="b"))) == Written(2, 2, 1, 0)


def test_the_file_is_stable_text_with_relative_paths(file: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    write(str(baseline), results(file, finding(file, scope="b"), finding(file, scope="a")))
    first = baseline.read_bytes()
    write(str(baseline), results(file, finding(file, scope="a"), finding(file, scope="b")))
    assert baseline.read_bytes() == first
    assert [entry["file"] for entry in json.loads(first)["entries"]] == ["src/fit.py", "src/fit.py"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is no JSON"),
        (b"[]", "is no baseline of closurelint"),
        (b"\xff\xfe", "is no JSON"),
        (b'{"format": "closurelint-baseline", "version": 99, "entries": []}', "of another version"),
        (b'{"format": "closurelint-baseline", "version": 1, "entries": [{"file": 3}]}', "damaged entry"),
        (b'{"format": "closurelint-baseline", "version": 1, "entries": 1}', "is no baseline"),
        (b"[" * 100_000, "is no JSON"),
    ],
)
def test_a_corrupt_or_foreign_file_is_named_with_the_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(content)
    with pytest.raises(BaselineProblem, match=said) as caught:
        read(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(BaselineProblem, match="does not exist: write it with"):
        read(str(tmp_path / "baseline.json"))


class TestAtomicWriting:
    def test_mode_and_symlinks_are_kept(self, tmp_path: Path) -> None:
        target, link = tmp_path / "target", tmp_path / "link"
        target.write_bytes(b"old")
        target.chmod(0o640)
        link.symlink_to(target)
        write_atomically(str(link), b"new", through_link=True)
        assert link.is_symlink()
        assert target.read_bytes() == b"new"
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        # where a link is not asked for, a planted one does not lead the text out
        write_atomically(str(link), b"report")
        assert not link.is_symlink()
        assert target.read_bytes() == b"new"

    def test_a_failure_leaves_the_old_file_and_no_other(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        target = tmp_path / "target"
        target.write_bytes(b"old")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            write_atomically(str(target), b"new")
        assert target.read_bytes() == b"old"
        assert [entry.name for entry in tmp_path.iterdir()] == ["target"]

    def test_what_is_no_regular_file_is_written_to(self) -> None:
        write_atomically(os.devnull, b"anything")
        assert not Path(os.devnull).is_file()
