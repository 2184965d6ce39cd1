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
INTERNAL: dict[str, str] = {
    "__init__": "library",
    "__main__": "__init__ commands.cli",
    "analysis": "",
    "analysis.calls": (
        "analysis.dataflow analysis.expectations analysis.facts analysis.inlining analysis.library_calls "
        "analysis.syntax analysis.unseen_calls analysis.values"
    ),
    "analysis.captures": "analysis.facts analysis.syntax analysis.unfinished analysis.values subjects",
    "analysis.claims": "analysis.facts analysis.syntax analysis.values evidence subjects",
    "analysis.dataflow": "analysis.expressions analysis.facts analysis.memory analysis.values",
    "analysis.depth": "",
    "analysis.describe": (
        "analysis.captures analysis.claims analysis.facts analysis.fixes analysis.syntax analysis.values "
        "diagnostic subjects"
    ),
    "analysis.differentiated": "analysis.values",
    "analysis.expectations": "analysis.facts",
    "analysis.exports": "analysis.facts analysis.memory analysis.values triage.blocks",
    "analysis.expressions": "analysis.expectations analysis.facts analysis.memory analysis.syntax analysis.values",
    "analysis.facts": "analysis.depth analysis.python_tree diagnostic sources.grammar",
    "analysis.findings": "analysis.values",
    "analysis.fixes": "analysis.syntax diagnostic subjects",
    "analysis.forwarding": "analysis.facts analysis.values",
    "analysis.inlining": "analysis.facts analysis.memory analysis.unfinished analysis.values",
    "analysis.library_calls": "analysis.standard_calls analysis.unseen_calls analysis.values",
    "analysis.loose": "analysis.describe analysis.facts analysis.recorder analysis.values subjects",
    "analysis.memory": "analysis.facts analysis.values",
    "analysis.objectives": "analysis.differentiated analysis.facts analysis.findings analysis.memory analysis.values",
    "analysis.probe": (
        "analysis.facts analysis.memory analysis.objectives analysis.values evidence triage.definitions "
        "triage.differences"
    ),
    "analysis.reading": "analysis.calls analysis.dataflow analysis.memory analysis.values",
    "analysis.python_tree": "",
    "analysis.recorder": (
        "analysis.calls analysis.differentiated analysis.expectations analysis.facts analysis.findings "
        "analysis.forwarding analysis.objectives analysis.probe analysis.steps analysis.unfinished analysis.values"
    ),
    "analysis.resolve": "analysis.exports analysis.values modules recent sources.source",
    "analysis.sites": (
        "analysis.calls analysis.dataflow analysis.describe analysis.facts analysis.loose analysis.reading "
        "analysis.recorder analysis.values garbage subjects"
    ),
    "analysis.standard_calls": "analysis.values",
    "analysis.steps": "analysis.facts analysis.memory analysis.objectives analysis.unfinished analysis.values",
    "analysis.syntax": "analysis.facts",
    "analysis.unfinished": "analysis.facts",
    "analysis.unseen_calls": "analysis.facts analysis.values",
    "analysis.values": "",
    "baseline": "diagnostic files result",
    "cache": "__init__ engine files modules result stored",
    "catalogue": "catalogue_data evidence",
    "catalogue_data": "",
    "classify": "diagnostic rule subjects",
    "commands": "",
    "commands.cli": "commands.informing commands.options commands.run configuration.settings report.lines",
    "commands.completion": "commands.options commands.parser configuration.settings",
    "commands.conclude": (
        "baseline commands.counting commands.output commands.rewriting configuration.settings fixer report report.lines"
    ),
    "commands.counting": "report.wording",
    "commands.explain": (
        "catalogue commands.nearby configuration.layers configuration.settings diagnostic engine report.lines rule "
        "sources.program sources.source subjects telling"
    ),
    "commands.informing": (
        "__init__ cache catalogue commands.completion commands.explain commands.output commands.run commands.scan "
        "commands.server configuration.rule_names configuration.selection configuration.settings replay.story "
        "report.lines rules"
    ),
    "commands.nearby": "",
    "commands.notes": "commands.run configuration.layers engine sources.source surroundings telling triage",
    "commands.options": "commands.parser configuration.settings",
    "commands.output": "configuration.settings files",
    "commands.parser": "commands.options configuration.selection configuration.settings",
    "commands.progress": "",
    "commands.rewriting": "engine files fixer report.lines sources.source suppression",
    "commands.run": (
        "cache commands.conclude commands.counting commands.informing commands.notes commands.options "
        "commands.progress commands.watch configuration.layers configuration.settings discovery engine garbage "
        "report.lines"
    ),
    "commands.scan": (
        "__init__ commands.run configuration.settings scan.output scan.planning scan.pools scan.shard scan.spread "
        "scan.store"
    ),
    "commands.server": "commands.run configuration.settings lsp.features",
    "commands.watch": "commands.run configuration.layers configuration.settings",
    "configuration": "",
    "configuration.layers": "catalogue configuration.patterns configuration.selection configuration.settings files",
    "configuration.patterns": "",
    "configuration.schema": "configuration.settings rule",
    "configuration.rule_names": "",
    "configuration.selection": "configuration.rule_names configuration.settings",
    "configuration.settings": "configuration.patterns",
    "diagnostic": "",
    "discovery": "configuration.layers configuration.patterns files gitignore modules",
    "engine": (
        "analysis.facts analysis.sites catalogue classify diagnostic evidence files garbage replay result "
        "rules sources.docstrings sources.program sources.source suppression surroundings triage triage.part "
        "workers"
    ),
    "evidence": "",
    "exchange": "",
    "files": "",
    "fixer": "diagnostic result sources.notebook sources.source",
    "flake8_plugin": "__init__ configuration.settings library report.wording",
    "garbage": "",
    "gitignore": "files",
    "library": "configuration.layers configuration.settings diagnostic discovery engine evidence result",
    "lsp": "",
    "lsp.actions": "diagnostic lsp.documents lsp.positions lsp.translation sources.notebook sources.source suppression",
    "lsp.carrying": "diagnostic",
    "lsp.checking": (
        "configuration.settings diagnostic engine evidence lsp.carrying lsp.documents lsp.folders lsp.process "
        "lsp.understanding result"
    ),
    "lsp.documents": "diagnostic lsp.positions sources.source",
    "lsp.features": (
        "configuration.layers lsp.actions lsp.documents lsp.hints lsp.hover lsp.options lsp.server lsp.watching"
    ),
    "lsp.folders": (
        "configuration.layers configuration.patterns configuration.settings discovery lsp.options sources.source"
    ),
    "lsp.hints": "diagnostic lsp.documents report.wording",
    "lsp.hover": "diagnostic evidence lsp.understanding rules telling",
    "lsp.options": "configuration.selection configuration.settings",
    "lsp.pipe": "",
    "lsp.positions": "diagnostic sources.splice",
    "lsp.process": "lsp.pipe",
    "lsp.protocol": "",
    "lsp.reuse": "configuration.settings lsp.carrying result sources.program suppression triage.part",
    "lsp.scan": "configuration.settings discovery lsp.checking lsp.folders lsp.process result sources.source",
    "lsp.server": (
        "__init__ files lsp.actions lsp.checking lsp.documents lsp.folders lsp.options lsp.positions lsp.process "
        "lsp.protocol lsp.scan lsp.translation lsp.watching result"
    ),
    "lsp.translation": "diagnostic lsp.documents lsp.positions report.wording",
    "lsp.understanding": (
        "catalogue configuration.settings diagnostic engine evidence sources.program sources.source subjects telling"
    ),
    "lsp.watching": "configuration.layers",
    "lsp.worker": (
        "analysis.resolve analysis.sites configuration.settings engine evidence fixer garbage lsp.pipe lsp.reuse "
        "lsp.understanding replay result rules sources.grammar sources.source surroundings"
    ),
    "modules": "",
    "recent": "",
    "replay": "replay.limits replay.verdict",
    "replay.cuts": "replay.values",
    "replay.evaluator": "replay.expressions replay.limits replay.machine replay.values",
    "replay.experiment": (
        "evidence replay.cuts replay.evaluator replay.gradient replay.limits replay.machine replay.simplenet "
        "replay.smooth replay.values replay.world"
    ),
    "replay.expressions": "replay.cuts replay.language replay.limits replay.machine replay.numpy_names replay.values",
    "replay.gradient": "evidence replay.simplenet",
    "replay.language": "replay.cuts replay.libraries replay.limits replay.values",
    "replay.libraries": "replay.cuts replay.limits replay.machine replay.numpy_names replay.smooth replay.values",
    "replay.limits": "",
    "replay.liveness": "",
    "replay.machine": "replay.cuts replay.limits replay.numpy_names replay.simplenet replay.smooth replay.values",
    "replay.numpy_names": "replay.cuts replay.values",
    "replay.simplenet": "",
    "replay.smooth": "replay.simplenet",
    "replay.story": "evidence replay.gradient replay.simplenet",
    "replay.values": "",
    "replay.verdict": (
        "evidence replay.cuts replay.experiment replay.limits replay.machine replay.numpy_names replay.smooth "
        "replay.values"
    ),
    "replay.world": (
        "evidence replay.evaluator replay.limits replay.liveness replay.machine replay.simplenet replay.smooth "
        "replay.values"
    ),
    "report": "report.lines",
    "report.concise": "report.text report.wording",
    "report.frame": "report.lines",
    "report.github": "report.lines report.wording",
    "report.gitlab": "report.lines report.wording",
    "report.grouped": "report.lines report.text report.wording",
    "report.html": "__init__ report.frame report.lines report.text report.wording rules",
    "report.json": "",
    "report.jsonl": "report.json",
    "report.junit": "report.lines report.text report.wording",
    "report.lines": "files sources.notebook sources.source",
    "report.sarif": "__init__ report.lines report.wording rules",
    "report.text": "report.frame report.lines report.wording",
    "report.wording": "baseline report.lines",
    "result": "",
    "rule": "diagnostic",
    "rules": (
        "rule rules.aliased_objective rules.captured_point rules.dead_parameter rules.ignored_parameter "
        "rules.ignored_trial rules.invalid_suppression rules.invalid_syntax rules.overwritten_parameter "
        "rules.partial_objective rules.precomputed_objective rules.severed_gradient rules.stale_step_closure "
        "rules.step_closure_without_backward rules.step_closure_without_return rules.unreached_model "
        "rules.unused_loss_parameter rules.unused_suppression"
    ),
    "rules.aliased_objective": "classify diagnostic rule subjects",
    "rules.captured_point": "classify diagnostic rule subjects",
    "rules.dead_parameter": "classify diagnostic rule subjects",
    "rules.ignored_parameter": "classify diagnostic rule subjects",
    "rules.ignored_trial": "classify diagnostic rule subjects",
    "rules.invalid_suppression": "rule",
    "rules.invalid_syntax": "rule",
    "rules.overwritten_parameter": "classify diagnostic rule subjects",
    "rules.partial_objective": "classify diagnostic rule subjects",
    "rules.precomputed_objective": "classify diagnostic rule subjects",
    "rules.severed_gradient": "classify diagnostic rule subjects",
    "rules.stale_step_closure": "diagnostic rule subjects",
    "rules.step_closure_without_backward": "diagnostic rule subjects",
    "rules.step_closure_without_return": "diagnostic rule subjects",
    "rules.unreached_model": "classify diagnostic rule subjects",
    "rules.unused_loss_parameter": "diagnostic rule subjects",
    "rules.unused_suppression": "rule",
    "scan": "",
    "scan.archives": "scan.shard",
    "scan.check": (
        "__init__ configuration.patterns configuration.settings engine files report.json result scan.archives "
        "scan.git scan.places scan.shard scan.table scan.tree surroundings"
    ),
    "scan.git": "scan.shard",
    "scan.output": "configuration.settings",
    "scan.places": "configuration.settings scan.shard",
    "scan.planning": (
        "configuration.layers configuration.settings discovery modules scan.archives scan.git scan.places "
        "scan.shard scan.table"
    ),
    "scan.pools": "configuration.settings scan.spread workers",
    "scan.shard": "configuration.settings",
    "scan.spread": "configuration.settings engine scan.check scan.shard",
    "scan.store": "configuration.settings files scan.output scan.shard",
    "scan.table": "scan.output scan.shard",
    "scan.tree": "sources.source",
    "sources": "",
    "sources.blocks": "",
    "sources.docstrings": "sources.blocks sources.document sources.program",
    "sources.document": (
        "sources.blocks sources.grammar sources.magics sources.markdown sources.program sources.restructuredtext "
        "sources.transcript"
    ),
    "sources.encoding": "diagnostic sources.program",
    "sources.grammar": "diagnostic",
    "sources.json_spans": "",
    "sources.magics": "sources.grammar sources.nesting sources.program",
    "sources.marimo": "sources.program",
    "sources.markdown": "sources.blocks sources.restructuredtext sources.transcript",
    "sources.nesting": "",
    "sources.notebook": (
        "diagnostic sources.encoding sources.grammar sources.json_spans sources.magics sources.notebook_edits "
        "sources.program sources.splice sources.transcript"
    ),
    "sources.notebook_edits": "diagnostic sources.json_spans sources.splice",
    "sources.program": "diagnostic",
    "sources.restructuredtext": "sources.blocks sources.transcript",
    "sources.source": (
        "diagnostic files sources.docstrings sources.document sources.encoding sources.marimo sources.notebook "
        "sources.program sources.splice"
    ),
    "sources.splice": "diagnostic",
    "sources.transcript": "sources.grammar sources.magics sources.nesting",
    "stored": "diagnostic evidence result",
    "subjects": "diagnostic evidence",
    "suppression": "diagnostic rules rules.invalid_suppression rules.unused_suppression sources.program sources.source",
    "surroundings": "analysis.resolve modules triage.neighbours",
    "telling": "configuration.layers engine report.wording subjects",
    "triage": "triage.blocks triage.excerpt triage.glance triage.loose triage.part triage.survey",
    "triage.blocks": "triage.walking",
    "triage.circles": "",
    "triage.definitions": "triage.formulas",
    "triage.differences": "triage.blocks triage.walking",
    "triage.excerpt": "triage.blocks triage.part triage.survey",
    "triage.expressions": "triage.walking",
    "triage.formulas": "",
    "triage.glance": "triage.definitions triage.imports triage.vocabulary",
    "triage.import_statements": "",
    "triage.imports": "triage.vocabulary_names",
    "triage.loose": "triage.blocks triage.walking",
    "triage.neighbours": (
        "files modules recent triage triage.blocks triage.circles triage.glance triage.import_statements "
        "triage.imports triage.survey triage.vocabulary"
    ),
    "triage.part": "",
    "triage.reach": "triage.blocks triage.expressions triage.vocabulary_data triage.walking",
    "triage.survey": (
        "triage.blocks triage.differences triage.expressions triage.import_statements triage.reach triage.visit "
        "triage.vocabulary triage.vocabulary_data triage.walking"
    ),
    "triage.visit": (
        "triage.blocks triage.expressions triage.reach triage.vocabulary triage.vocabulary_data triage.walking"
    ),
    "triage.vocabulary": "triage.vocabulary_data triage.vocabulary_names",
    "triage.vocabulary_data": "",
    "triage.vocabulary_names": "",
    "triage.walking": "",
    "workers": "configuration.settings engine exchange result surroundings",
}

# Other packages, also when they are imported for annotations only.
EXTERNAL: dict[str, str] = {
    "analysis.calls": "libcst",
    "analysis.captures": "libcst",
    "analysis.claims": "libcst",
    "analysis.dataflow": "libcst",
    "analysis.describe": "libcst",
    "analysis.differentiated": "libcst",
    "analysis.expectations": "libcst",
    "analysis.exports": "libcst",
    "analysis.expressions": "libcst",
    "analysis.facts": "libcst",
    "analysis.findings": "libcst",
    "analysis.fixes": "libcst",
    "analysis.forwarding": "libcst",
    "analysis.inlining": "libcst",
    "analysis.library_calls": "libcst",
    "analysis.loose": "libcst",
    "analysis.memory": "libcst",
    "analysis.objectives": "libcst",
    "analysis.probe": ("libcst"),
    "analysis.reading": "libcst",
    "analysis.python_tree": "libcst",
    "analysis.recorder": "libcst",
    "analysis.standard_calls": "libcst",
    "analysis.steps": "libcst",
    "analysis.syntax": "libcst",
    "analysis.unfinished": "libcst",
    "analysis.unseen_calls": "libcst",
    "analysis.values": "libcst",
    "commands.completion": "shtab",
    "commands.watch": "watchfiles",
    "configuration.layers": "tomli",
    "flake8_plugin": "flake8",
    "gitignore": "pathspec",
    "lsp.actions": "lsprotocol",
    "lsp.documents": "lsprotocol pygls",
    "lsp.features": "lsprotocol pygls",
    "lsp.hints": "lsprotocol",
    "lsp.positions": "lsprotocol",
    "lsp.protocol": "lsprotocol pygls",
    "lsp.scan": "lsprotocol pygls",
    "lsp.server": "lsprotocol pygls",
    "lsp.translation": "lsprotocol",
    "lsp.watching": "lsprotocol",
    "replay.cuts": "numpy",
    "replay.evaluator": "numpy",
    "replay.experiment": "numpy",
    "replay.expressions": "numpy",
    "replay.gradient": "numpy",
    "replay.language": "numpy",
    "replay.libraries": "numpy",
    "replay.machine": "numpy",
    "replay.numpy_names": "numpy",
    "replay.simplenet": "numpy",
    "replay.smooth": "numpy",
    "replay.story": "numpy",
    "replay.values": "numpy",
    "replay.verdict": "numpy",
    "replay.world": "numpy",
    "scan.output": "pyarrow",
    "scan.places": "fsspec",
    "scan.pools": "distributed",
    "scan.table": "pyarrow",
}

VOCABULARY = {"diagnostic", "evidence", "rule", "result", "subjects"}
STATIC_HALF = {name for name in INTERNAL if name.startswith("analysis.")}
FRONT_ENDS = ("__main__", "commands", "lsp", "flake8_plugin")


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
    found: set[str] = set()
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
    # `tomllib` is of the standard library from 3.11 on
    return tops - set(sys.stdlib_module_names) - {"closurelint", "tomllib"}


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
    front_ends = {name for name in modules() if name.startswith(FRONT_ENDS)}
    for name in set(modules()) - front_ends:
        assert not internal(name) & front_ends, name


def test_only_its_command_starts_the_language_server() -> None:
    ties = {name for name in modules() if any(each.startswith("lsp") for each in internal(name))}
    assert {name for name in ties if not name.startswith("lsp")} == {"commands.server"}


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
    assert not {name for name in reached("analysis.sites") if name.startswith("replay")}


def loaded_by(*words: str, cwd: Path) -> set[str]:
    """The modules that a command line loads into a fresh interpreter."""
    code = (
        "import sys; before = set(sys.modules); from closurelint.__main__ import main; status = main();"
        "print(*(set(sys.modules) - before), sep='\\n', file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.split())


CLEAN = "import os\n\n\ndef area(width, height):\n    return width * height\n"
BUILT_IN = {
    "__future__",
    "_signal",
    "_symtable",
    "errno",
    "gc",
    "posix",
    "nt",
    "_stat",
    "stat",
    "time",
    "warnings",
    "zlib",
}
"""What belongs to the interpreter, and costs nothing worth counting."""


def test_clean_files_load_nothing_but_closurelint(tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(CLEAN)
    loaded = loaded_by("check", "--force-exclude", "one.py", "two.py", cwd=tmp_path)
    assert {name for name in loaded if not name.startswith("closurelint")} <= BUILT_IN
    ours = {name.removeprefix("closurelint.") for name in loaded}
    assert not {name for name in ours if name.startswith(("analysis", "catalogue", "replay", "rules", "sources"))}
    assert not ours & {"triage.blocks", "triage.formulas", "triage.import_statements", "triage.vocabulary_data"}
    assert "commands.parser" not in ours


def test_a_clean_tree_loads_neither_libcst_nor_numpy_nor_pathspec(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("# made\n__pycache__/\n*.py[cod]\n/build/\ndocs/_build/\n*.egg-info\n.env*\n")
    for folder in ("src/__pycache__", "src/a.egg-info", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "src/clean.py").write_text(CLEAN)
    for _ in range(2):
        # the second run finds the kept results of the first, and the folder that they are in
        loaded = loaded_by(cwd=tmp_path)
        assert not loaded & {
            "libcst",
            "numpy",
            "pathspec",
            "asyncio",
            "tomllib",
            "tomli",
            "multiprocessing",
            "argparse",
        }
        assert not loaded & {"ast", "typing", "dataclasses", "pathlib", "inspect"}


def test_the_version_loads_nearly_nothing() -> None:
    code = "import sys; sys.argv = ['closurelint', '--version']; before = set(sys.modules)\n"
    code += "from closurelint.__main__ import main; main(); print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version == f"closurelint {closurelint.__version__}"
    assert set(loaded.split()) <= {"__future__", "closurelint", "closurelint.__main__"}
