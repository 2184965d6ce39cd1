"""Who may import whom. Each module is listed with exactly what it imports, so that a new tie is a decision."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import closurelint

ROOT = Path(closurelint.__file__).parent

# module: the modules of closurelint that it imports at run time, late imports included; the standard library is free.
INTERNAL: dict[str, str] = {}

# Other packages, also when they are imported for annotations only.
EXTERNAL: dict[str, str] = {}

VOCABULARY = {"diagnostic", "evidence", "rule", "result", "settings", "subjects"}
STATIC_HALF = {"facts", "values", "resolve", "dataflow", "sites", "calls"}
FRONT_ENDS = {"__main__", "cli", "run", "commands", "parser", "options", "explain", "completion", "watch", "progress"}


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name or "__init__"] = path
    return found


def imports(path: Path, name: str, *, annotations: bool) -> set[str]:
    """The dotted names that a module imports; those for annotations only if asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[ast.AST] = set()
    if not annotations:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                skipped.update(below for statement in node.body for below in ast.walk(statement))
    found = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix("closurelint.")
                found.add(f"closurelint.{inner}" if module.startswith("closurelint") and inner in modules() else module)
    return found


def internal(name: str) -> set[str]:
    found = {module for module in imports(modules()[name], name, annotations=False) if module.startswith("closurelint")}
    return {module.removeprefix("closurelint").removeprefix(".") or "__init__" for module in found}


def external(name: str) -> set[str]:
    tops = {module.partition(".")[0] for module in imports(modules()[name], name, annotations=True)}
    return tops - set(sys.stdlib_module_names) - {"closurelint"}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_are_those_of_the_list(name: str) -> None:
    assert name in INTERNAL, f"list {name} with what it imports: {' '.join(sorted(internal(name)))!r}"
    assert internal(name) == set(INTERNAL[name].split())
    assert external(name) == set(EXTERNAL.get(name, "").split())


def test_the_lists_name_only_modules_that_exist() -> None:
    assert INTERNAL.keys() == modules().keys()
    assert EXTERNAL.keys() <= modules().keys()


def test_the_vocabulary_knows_nobody() -> None:
    assert {name: INTERNAL[name] for name in VOCABULARY - {"rule", "subjects"}} == dict.fromkeys(
        VOCABULARY - {"rule", "subjects"}, ""
    )
    assert set(INTERNAL["rule"].split()) <= VOCABULARY
    assert set(INTERNAL["subjects"].split()) <= VOCABULARY


def test_the_static_half_alone_knows_libcst_and_replay_alone_knows_numpy() -> None:
    knows_libcst = {name for name in modules() if "libcst" in external(name)}
    knows_numpy = {name for name in modules() if "numpy" in external(name)}
    assert knows_libcst <= STATIC_HALF
    assert all(name.startswith("replay.") for name in knows_numpy)


def test_nothing_imports_a_front_end() -> None:
    for name in set(modules()) - FRONT_ENDS:
        assert not internal(name) & FRONT_ENDS, name


def reached(start: str) -> set[str]:
    """What importing `start` can load in the end."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(internal(name))
    return seen


def test_the_halves_do_not_know_each_other() -> None:
    assert not {name for name in reached("replay") if name in STATIC_HALF}
    assert not {name for name in reached("sites") if name.startswith("replay")}


def loaded_by(*words: str, cwd: Path) -> set[str]:
    """The modules that a command line loads, in a fresh interpreter."""
    code = (
        "import sys; from closurelint.cli import main; status = main(sys.argv[1:]);"
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.split())


def test_a_clean_tree_loads_neither_libcst_nor_numpy(tmp_path: Path) -> None:
    (tmp_path / "clean.py").write_text("import os\n\n\ndef area(width, height):\n    return width * height\n")
    loaded = loaded_by(".", cwd=tmp_path)
    assert not loaded & {"libcst", "numpy", "pathspec", "asyncio", "tomllib", "tomli", "multiprocessing", "argparse"}


def test_the_version_loads_nearly_nothing() -> None:
    code = "import sys; sys.argv = ['closurelint', '--version']; before = set(sys.modules)\n"
    code += "from closurelint.__main__ import main; main(); print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version == f"closurelint {closurelint.__version__}"
    assert set(loaded.split()) <= {"__future__", "closurelint", "closurelint.__main__"}
