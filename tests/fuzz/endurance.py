"""Hands damaged things to the program: whatever they are, it answers with results or with a problem of its own."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from closurelint.baseline import BaselineProblem
from closurelint.baseline import read as read_baseline
from closurelint.cache import check_files
from closurelint.configuration.layers import Configuration
from closurelint.configuration.settings import Settings, SettingsProblem
from closurelint.engine import check_bytes

from .damage import BASELINE, CONFIGURATION, damaged, notebook
from .dialects import DIALECTS
from .modules import module

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
_STATIC = Settings(replay=False)
_SETTINGS = Settings()


def trouble(data: bytes, filename: str, *, replay: bool = False) -> str:
    """What is wrong with the answer to a file; empty if nothing is."""
    result = check_bytes(data, filename, _SETTINGS if replay else _STATIC)
    for diagnostic in (*result.diagnostics, *result.refuted):
        reason = "" if diagnostic.evidence is None else diagnostic.evidence.reason
        if "report this as a bug" in diagnostic.message + reason:
            return diagnostic.message + reason
        start, end = diagnostic.range.start, diagnostic.range.end
        if start.row < 1 or start.column < 1 or (end.row, end.column) < (start.row, start.column):
            return f"{diagnostic.code} at {diagnostic.range}"
    return ""


def python_files(rng: random.Random, sources: list[bytes]) -> tuple[bytes, str]:
    """A damaged Python file: of those given, or a generated one."""
    own = module(rng, rng.choice(DIALECTS)).text.encode()
    return damaged(rng, rng.choice((own, rng.choice(sources))), rng.choice(sources)), "damaged.py"


def notebooks(rng: random.Random, sources: list[bytes]) -> tuple[bytes, str]:
    """A notebook that may not be one."""
    cells = [module(rng, rng.choice(DIALECTS)).text for _ in range(rng.choice((0, 1, 3)))]
    data = notebook(rng, ["%matplotlib inline\n!ls\n", *cells, rng.choice(sources).decode("utf-8", "replace")])
    return (damaged(rng, data, rng.choice(sources)) if rng.random() < 0.6 else data), "damaged.ipynb"


def documents(rng: random.Random, sources: list[bytes]) -> tuple[bytes, str]:
    """A document with Python in it, damaged."""
    code = module(rng, rng.choice(DIALECTS)).text
    prompts = "".join(f">>> {line}\n" for line in code.split("\n"))
    text = rng.choice(
        (f"# Title\n\n```python\n{code}\n```\n\n~~~py\n{code}\n", f"text\n\n{prompts}\n",
         f"Title\n=====\n\n::\n\n    {code}\n\n.. code:: python\n\n  x\n")
    )  # fmt: skip
    return damaged(rng, text.encode(), rng.choice(sources)), rng.choice(("damaged.md", "damaged.rst"))


FILES: dict[str, Callable[[random.Random, list[bytes]], tuple[bytes, str]]] = {
    "python": python_files,
    "notebooks": notebooks,
    "documents": documents,
}


def fixtures() -> list[bytes]:
    """The project's own fixtures, as material."""
    return [path.read_bytes() for path in sorted(FIXTURES.rglob("*.py"))]


def settings_trouble(rng: random.Random, folder: Path) -> str:
    """What is wrong with the answer to a damaged configuration file; empty if nothing is."""
    path = folder / "pyproject.toml"
    path.write_bytes(damaged(rng, CONFIGURATION.encode(), BASELINE.encode()))
    try:
        Configuration().for_directory(str(folder))
    except SettingsProblem as problem:
        return "" if str(problem).strip() else "a problem without words"
    return ""


def baseline_trouble(rng: random.Random, folder: Path) -> str:
    """What is wrong with the answer to a damaged baseline; empty if nothing is."""
    path = folder / "baseline.json"
    path.write_bytes(damaged(rng, BASELINE.encode(), CONFIGURATION.encode()))
    try:
        read_baseline(str(path))
    except BaselineProblem as problem:
        return "" if str(problem).strip() else "a problem without words"
    return ""


def cache_trouble(rng: random.Random, folder: Path) -> str:
    """What is wrong with a run whose kept results are damaged: it says what a run without them says."""
    path, kept = folder / "train.py", folder / "kept"
    path.write_text(module(rng, rng.choice(DIALECTS)).text)
    shutil.rmtree(kept, ignore_errors=True)
    listed = [(str(path), _STATIC)]
    expected = list(check_files(listed, [str(folder)], str(kept)))
    (file,) = kept.glob("*.json")
    whole = file.read_bytes()
    file.write_bytes(damaged(rng, whole, BASELINE.encode()))
    found = list(check_files(listed, [str(folder)], str(kept)))
    return "" if found == expected else f"found {found}\ninstead of {expected}"


def material(folders: list[Path]) -> Iterator[bytes]:
    """Real Python files below folders, of moderate size."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if path.is_file() and path.stat().st_size < 60_000:
                yield path.read_bytes()
