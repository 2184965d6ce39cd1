from __future__ import annotations

import gc
import json
import os
import pickle
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import closurelint
from closurelint import engine, rules, workers
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.diagnostic import Diagnostic
from closurelint.engine import check_bytes, check_file, check_files, check_text
from closurelint.exchange import Exchange
from closurelint.result import FileResult
from closurelint.rule import Rule
from closurelint.sources.source import SourceFile
from closurelint.subjects import Site
from closurelint.surroundings import Surroundings

DIFFERENTIATOR = """\
import numpy as np


def numerical_gradient(f, x, h=1e-4):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above - below) / (2 * h)
        x[i] = kept
    return grad


"""
ALIASED = DIFFERENTIATOR + "dW = numerical_gradient(lambda W: net.loss(x, t), net.W)\n"
DETACHED = DIFFERENTIATOR + "dW = numerical_gradient(lambda W: net.loss(x, t), net.W.copy())\n"
CLEAN = "def area(width, height):\n    return width * height\n"


def codes(result: FileResult) -> list[str]:
    return [diagnostic.code for diagnostic in result.diagnostics]


def checked(text: str, filename: str = "m.py", **values: Any) -> FileResult:
    return check_text(text, filename, Settings(**values))


def test_a_finding_has_its_place_and_its_evidence() -> None:
    result = checked(ALIASED)
    assert codes(result) == ["CLO201"]
    (found,) = result.diagnostics
    assert found.filename == "m.py"
    assert found.range.start.row == ALIASED.count("\n")
    assert found.evidence is not None
    assert found.evidence.verdict == "confirmed"
    assert codes(checked(DETACHED)) == ["CLO103"]


def test_replay_can_be_left_out() -> None:
    (found,) = checked(ALIASED, replay=False).diagnostics
    assert found.evidence is None


def test_what_replay_refutes_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    from closurelint import replay
    from closurelint.evidence import Evidence

    monkeypatch.setattr(replay, "replay", lambda claim: Evidence("refuted", "it does matter"))
    result = checked(ALIASED)
    assert result.diagnostics == ()
    assert [found.code for found in result.refuted] == ["CLO201"]


def test_a_crash_of_replay_costs_the_evidence_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from closurelint import replay

    def crash(claim: object) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(replay, "replay", crash)
    (found,) = checked(ALIASED).diagnostics
    assert found.evidence is not None
    assert found.evidence.verdict == "not replayed"
    assert "replaying this objective failed with ZeroDivisionError: by zero" in found.evidence.reason


def test_a_crashing_rule_is_one_diagnostic_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(site: Site) -> Iterator[Diagnostic]:
        raise RuntimeError("no idea")

    broken = Rule("CLO999", "broken", "Breaks.", "site", crash)
    monkeypatch.setattr(rules, "RULES", (broken, *rules.RULES))
    result = checked(ALIASED + ALIASED, replay=False)
    assert sorted(set(codes(result))) == ["CLO201", "CLO900"]
    (problem,) = (found for found in result.diagnostics if found.code == "CLO900")
    assert "the rule CLO999 failed with RuntimeError: no idea" in problem.message
    assert problem.filename == "m.py"


def test_a_crash_of_the_analysis_is_one_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    from closurelint.analysis import sites

    for problem, message in (
        (KeyError("w"), "checking this file failed with KeyError: 'w'"),
        (RecursionError(), "the code is nested too deeply to be read: exclude the file"),
    ):

        def crash(*_: object, problem: Exception = problem, **named: object) -> None:
            raise problem

        monkeypatch.setattr(sites, "find", crash)
        result = checked(ALIASED)
        assert codes(result) == ["CLO900"]
        assert message in result.diagnostics[0].message


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        (b"def f(:\n    lambda x: x\n", "a.py", ""),
        (b"\xff\xfe lambda", "a.py", "is not utf-8"),
        (b"# coding: nonsense\n", "a.py", "nonsense"),
        (b"x = 1\0\n", "a.py", ""),
        (b"{", "a.ipynb", ""),
    ],
)
def test_what_cannot_be_read_is_a_diagnostic(data: bytes, filename: str, message: str) -> None:
    result = check_bytes(data, filename, Settings())
    assert codes(result) == ["CLO900"]
    assert message in result.diagnostics[0].message
    assert result.diagnostics[0].severity == "error"
    assert check_bytes(data, filename, Settings(codes=frozenset({"CLO101"}))).diagnostics == ()


def test_a_file_that_is_gone_or_locked_is_a_diagnostic(tmp_path: Path) -> None:
    result = check_file(str(tmp_path / "gone.py"), Settings())
    assert codes(result) == ["CLO900"]
    assert "the file cannot be read (No such file or directory)" in result.diagnostics[0].message
    assert codes(check_file(str(tmp_path), Settings())) == ["CLO900"]


def test_rules_can_be_disabled_and_per_file_too() -> None:
    assert codes(checked(ALIASED, codes=frozenset({"CLO103"}), replay=False)) == []
    here = str(Path.cwd())
    ignores = ((f"{here}/sub/*.py", frozenset({"CLO201"})),)
    assert codes(checked(ALIASED, "sub/m.py", per_file_codes=ignores, replay=False)) == []
    assert codes(checked(ALIASED, "m.py", per_file_codes=ignores, replay=False)) == ["CLO201"]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(tmp_path: Path, enabled: bool) -> None:
    path = tmp_path / "m.py"
    path.write_text(ALIASED)
    (gc.enable if enabled else gc.disable)()
    try:
        check_file(str(path), Settings())
        assert gc.isenabled() == enabled
    finally:
        gc.enable()


def test_what_a_file_takes_goes_with_it(tmp_path: Path) -> None:
    """Nothing of its trees waits for the collector, however large it is."""

    def left_by(count: int) -> int:
        path = tmp_path / f"m{count}.py"
        user = "\ndef f{}(w):\n    return numerical_gradient(lambda p: net.loss(x, t), w)\n"
        path.write_text(ALIASED + "".join(map(user.format, range(count))))
        gc.collect()
        gc.disable()
        try:
            check_file(str(path), Settings(replay=False))
            return gc.collect()
        finally:
            gc.enable()

    assert left_by(100) < left_by(10) + 1000


def notebook(*cells: str) -> bytes:
    return json.dumps(
        {
            "cells": [
                {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ).encode()


def test_notebooks_are_told_in_cells() -> None:
    data = notebook(
        "%matplotlib inline\n" + DIFFERENTIATOR, "a = 1\ndW = numerical_gradient(lambda W: net.loss(x, t), net.W)"
    )
    (found,) = check_bytes(data, "a.ipynb", Settings(replay=False)).diagnostics
    assert (found.code, found.range.cell, found.range.start.row) == ("CLO201", 2, 2)
    assert all(place.range.cell == 2 for place in found.related if place.filename == "a.ipynb")


def test_a_cell_that_does_not_parse_does_not_hide_the_others() -> None:
    data = notebook("def broken(:", ALIASED)
    result = check_bytes(data, "a.ipynb", Settings(replay=False))
    assert codes(result) == ["CLO900", "CLO201"]
    assert [found.range.cell for found in result.diagnostics] == [1, 2]


def test_text_from_an_editor_is_not_decoded_again() -> None:
    text = "# -*- coding: latin-1 -*-\n# é日本\n" + ALIASED
    (found,) = checked(text, replay=False).diagnostics
    assert found.range.start.row == 2 + ALIASED.count("\n")


# -- several files ----------------------------------------------------------------------------------------------------


def tree(root: Path, count: int) -> list[tuple[str, Settings]]:
    for number in range(count):
        (root / f"m{number:03}.py").write_text(DETACHED if number % 10 == 0 else CLEAN)
    return [(str(root / f"m{number:03}.py"), Settings(replay=False)) for number in range(count)]


def test_any_number_of_processes_gives_the_same_results(tmp_path: Path) -> None:
    files = tree(tmp_path, engine.WORTH_A_PROCESS)
    alone = list(check_files(files, 1))
    assert [result.filename for result in alone] == [path for path, _ in files]
    assert list(check_files(files, 2)) == alone
    assert list(workers.check_in_processes(files[:10], 3)) == alone[:10]
    assert sum(len(result.diagnostics) for result in alone) == -(-len(files) // 10)


def test_few_files_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(workers, "check_in_processes", refuse)
    assert len(list(check_files(tree(tmp_path, 3), 8))) == 3


def die_for(path: str, settings: Settings, *more: Any, **named: Any) -> FileResult:
    """Stands for a parser that takes its process along."""
    if path.endswith("m003.py"):
        os.kill(os.getpid(), signal.SIGKILL)
    return check_file(path, settings)


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals there")
def test_the_death_of_a_process_costs_one_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tree(tmp_path, 12)
    monkeypatch.setattr(workers, "check_file", die_for)
    results = list(workers.check_in_processes(files, 2))
    assert [result.filename for result in results] == [path for path, _ in files]
    assert codes(results[3]) == ["CLO900"]
    assert "the process that checked this file died" in results[3].diagnostics[0].message
    assert [codes(result) for result in (results[0], results[10])] == [["CLO103"], ["CLO103"]]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="there are no files in memory there")
def test_processes_hear_whole_messages_of_the_others_once() -> None:
    exchange = Exchange(3)
    try:
        exchange.tell(0, b"one")
        exchange.tell(0, b"")
        exchange.tell(1, b"two" * 100_000)
        assert list(exchange.heard(2)) == [b"one", b"", b"two" * 100_000]
        assert list(exchange.heard(2)) == []
        os.write(exchange._files[1], b"\x05\0\0\0\0\0\0\0fi")
        assert list(exchange.heard(2)) == []
        os.write(exchange._files[1], b"ves")
        assert list(exchange.heard(2)) == [b"fives"]
    finally:
        exchange.close()


def test_without_an_exchange_the_results_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tree(tmp_path, engine.WORTH_A_PROCESS)
    expected = list(check_files(files, 2))
    monkeypatch.setattr(workers, "_exchange", lambda _: None)
    assert list(check_files(files, 2)) == expected


def test_a_crash_over_what_was_looked_over_costs_one_diagnostic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError("here")

    (path := tmp_path / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(Surroundings, "imports_alone", crash)
    result = check_file(str(path), Settings(), Surroundings(), parse=False)
    assert codes(result) == ["CLO900"]
    assert "KeyError" in result.diagnostics[0].message


@pytest.mark.parametrize(("text", "read"), [("CLOSE = CLOB = 1", False), ("x = 1  # noqa: CLO103", True)])
def test_only_a_code_may_silence_something(monkeypatch: pytest.MonkeyPatch, text: str, read: bool) -> None:
    checked: list[str] = []
    real = engine.check_source

    def noting(source: SourceFile, *more: Any, **named: Any) -> FileResult:
        checked.append(source.filename)
        return real(source, *more, **named)

    monkeypatch.setattr(engine, "check_source", noting)
    check_bytes(text.encode(), "a.py", Settings())
    assert checked == (["a.py"] if read else [])


def test_as_many_processes_as_processors_unless_said() -> None:
    assert workers.processes(3) == 3
    assert workers.processes(0) >= 1


# -- results and the library ------------------------------------------------------------------------------------------


def test_results_pickle_compare_and_change() -> None:
    result = checked(ALIASED)
    assert pickle.loads(pickle.dumps(result)) == result
    assert result.changed(suppressed=2) != result
    assert result.changed(suppressed=2).suppressed == 2
    assert "suppressed=0" in repr(result)
    assert replace(result.diagnostics[0], message="") != result.diagnostics[0]


def test_library_check_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "closurelint.toml").write_text('ignore = ["CLO201"]\n')
    assert closurelint.check_source(ALIASED, "m.py").diagnostics == ()
    assert codes(closurelint.check_source(ALIASED, settings=Settings(replay=False))) == ["CLO201"]
    assert codes(closurelint.check_source(ALIASED.encode("utf-8-sig"), settings=Settings(replay=False))) == ["CLO201"]


def test_library_check_paths_and_settings(tmp_path: Path) -> None:
    tree(tmp_path, 2)
    (tmp_path / "closurelint.toml").write_text("replay = false\n")
    results = list(closurelint.check_paths([tmp_path]))
    assert [codes(result) for result in results] == [["CLO103"], []]
    settings = closurelint.load_settings(tmp_path, select=["CLO2"])
    assert (settings.replay, settings.codes) == (False, frozenset({"CLO201"}))
    assert [codes(result) for result in closurelint.check_paths([tmp_path / "m000.py"], settings)] == [[]]
    with pytest.raises(FileNotFoundError, match=r"nowhere\.py: no such file"):
        closurelint.check_paths([tmp_path / "nowhere.py"])
    with pytest.raises(SettingsProblem, match="load_settings: no setting is called `selct`"):
        closurelint.load_settings(tmp_path, selct=[])


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'check_nothing'"):
        closurelint.check_nothing  # noqa: B018
    functions = {"__version__", "check_paths", "check_source", "load_settings"}
    data = {"Diagnostic", "Edit", "Evidence", "FileResult", "Fix", "Gradient", "Position", "Range", "Related"}
    assert set(closurelint.__all__) == functions | data | {"Settings", "SettingsProblem"}
