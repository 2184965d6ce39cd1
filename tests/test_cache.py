"""Results are kept for the next run, and not used where anything that they depend on has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from closurelint import cache, engine
from closurelint.configuration.settings import Settings
from closurelint.result import FileResult
from closurelint.stored import Unfit, restored, stored

SITE = "from {0} import loss\nimport jax\n\n\ndef run(p):\n    return jax.grad(loss)(p)\n"
WRONG = "def loss(p):\n    return total\n"
RIGHT = "def loss(p):\n    return (p * p).sum()\n"
SETTINGS = Settings()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "right.py").write_text(RIGHT, encoding="utf-8")
    for number, name in enumerate(["wrong", "right", "right"]):
        (tmp_path / f"site{number}.py").write_text(SITE.format(name), encoding="utf-8")
    return tmp_path


class Runs:
    """Runs over one project, and which files each of them read."""

    def __init__(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.project = project
        self.read: list[str] = []
        real = engine.check_file

        def noting(path: str, *more: object, **named: object) -> FileResult:
            self.read.append(Path(path).name)
            return real(path, *more, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(engine, "check_file", noting)

    def __call__(self, settings: Settings = SETTINGS, directory: Path | None = None) -> list[FileResult]:
        self.read = []
        files = [(str(path), settings) for path in sorted(self.project.glob("*.py"))]
        return list(cache.check_files(files, [str(self.project)], str(directory or self.project / "kept")))


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(project, monkeypatch)


def contents(file: Path) -> Any:
    return json.loads(file.read_bytes().partition(b"\n")[2])


def keep(file: Path, data: object) -> None:
    """Write what is to look whole."""
    text = json.dumps(data).encode()
    file.write_bytes(b"%08x\n" % crc32(text) + text)


def codes(results: list[FileResult]) -> list[str]:
    return [found.code for result in results for found in result.diagnostics]


def test_a_second_run_reads_nothing_and_says_the_same(run: Runs) -> None:
    first = run()
    assert len(run.read) == 5
    assert codes(first) == ["CLO101"] or codes(first) == ["CLO103"]
    assert run() == first
    assert run.read == []


def test_a_changed_file_is_checked_again_with_all_that_depend_on_it(run: Runs, project: Path) -> None:
    run()
    (project / "right.py").write_text(WRONG + "\n", encoding="utf-8")
    assert len(codes(run())) == 3
    assert run.read == ["right.py", "site1.py", "site2.py"]


def test_what_is_imported_by_way_of_a_file_without_functions_counts_too(run: Runs, project: Path) -> None:
    (project / "site1.py").write_text(SITE.format("between"), encoding="utf-8")
    (project / "between.py").write_text("from right import *\n", encoding="utf-8")
    assert len(codes(run())) == 1
    (project / "right.py").write_text(WRONG + "\n", encoding="utf-8")
    assert len(codes(run())) == 3
    assert run.read == ["between.py", "right.py", "site1.py", "site2.py"]


def test_a_file_that_comes_or_goes_may_change_what_any_import_means(run: Runs, project: Path) -> None:
    run()
    (project / "more.py").write_text("x = 1\n", encoding="utf-8")
    run()
    assert len(run.read) == 6
    (project / "more.py").unlink()
    run()
    assert len(run.read) == 5


def test_what_happens_above_the_root_of_the_project_does_not_matter(run: Runs, project: Path) -> None:
    run()
    (project.parent / f"{project.name}_beside.py").write_text("x = 1\n", encoding="utf-8")
    run()
    assert run.read == []


def test_other_settings_have_results_of_their_own(run: Runs) -> None:
    assert codes(run()) != []
    assert codes(run(Settings(codes=frozenset({"CLO201"})))) == []
    assert len(run.read) == 5


def test_what_is_imported_from_outside_of_the_checked_files_counts_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = project / "below"
    below.mkdir()
    (below / "site.py").write_text(SITE.format("right"), encoding="utf-8")
    run = Runs(below, monkeypatch)
    kept = project / ".kept"
    assert codes(run(directory=kept)) == []
    run(directory=kept)
    assert run.read == []
    (project / "right.py").write_text(WRONG + "# changed\n", encoding="utf-8")
    assert len(codes(run(directory=kept))) == 1


def test_the_folder_says_what_it_is_and_is_not_committed(run: Runs, project: Path) -> None:
    run()
    assert (project / "kept" / "CACHEDIR.TAG").read_text(encoding="ascii").startswith("Signature: 8a477f597d28d172789f")
    assert (project / "kept" / ".gitignore").read_text(encoding="ascii") == "*\n"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"about": 1}', b"\xff\xfe", b"null"])
def test_a_broken_cache_is_not_used(run: Runs, project: Path, damage: bytes) -> None:
    first = run()
    (file,) = (project / "kept").glob("*.json")
    for data in (damage, b"%08x\n" % crc32(damage) + damage):
        file.write_bytes(data)
        assert run() == first
        assert len(run.read) == 5


def test_a_cache_of_which_one_character_has_changed_is_not_used(run: Runs, project: Path) -> None:
    first = run()
    (file,) = (project / "kept").glob("*.json")
    whole = file.read_bytes()
    assert b'"warning"' in whole
    file.write_bytes(whole.replace(b'"warning"', b'"warming"'))
    assert run() == first
    assert len(run.read) == 5


def test_a_cache_with_anything_strange_in_it_is_not_used(run: Runs, project: Path) -> None:
    first = run()
    (file,) = (project / "kept").glob("*.json")
    good = contents(file)
    for name in ("files", "around", "settings", "folders"):
        for value in (None, 3, "x", [1], {"a": 1}):
            keep(file, {**good, name: value})
            assert run() == first


def test_a_forged_result_needs_the_change_time_of_the_file(run: Runs, project: Path) -> None:
    first = run()
    (file,) = (project / "kept").glob("*.json")
    data = contents(file)
    for entry in data["files"].values():
        entry[0][0] -= 1
        entry[3] = None
    keep(file, data)
    assert run() == first


def test_a_folder_that_cannot_be_written_to_keeps_nothing(run: Runs, project: Path) -> None:
    (project / "taken").write_text("", encoding="utf-8")
    assert codes(run(directory=project / "taken")) != []
    assert len(run.read) == 5


def test_results_survive_being_stored(project: Path) -> None:
    for path in sorted(Path(__file__).parent.parent.joinpath("fixtures").rglob("torch_lbfgs.py")):
        result = engine.check_file(str(path), SETTINGS)
        assert result.diagnostics
        assert restored(result.filename, json.loads(json.dumps(stored(result)))) == result


@pytest.mark.parametrize(
    "data", [None, [], {}, {"diagnostics": [[1]], "suppressed": 0, "refuted": [], "dependencies": []}]
)
def test_what_is_no_result_is_refused(data: object) -> None:
    with pytest.raises(Unfit):
        restored("x.py", data)
