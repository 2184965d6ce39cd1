"""Plants single errors in the program's own functions and counts how many of them the tests notice.

Run with `python benchmarks/mutation.py --sample 100 closurelint/analysis/dataflow.py`. Each mutant lives in a process
that is forked off after everything is loaded, where the code of one function is exchanged, so that it costs as much as
the tests that it fails, and no file is touched. Mutants that run out of time are counted for themselves.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import select
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TESTS = {
    "analysis": "test_dataflow test_sites test_describe test_facts test_resolve test_fixtures",
    "classify": "test_fixtures",
    "rules": "test_classify test_manuals test_fixtures",
    "replay": "test_evaluator_agrees test_replay_on_real_idioms test_replay",
    "triage": "test_triage test_fixtures",
}
"""What notices errors in a module or package, the fastest first, after the tests that are named after the module."""

_SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr, ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip


def mutations(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node can be exchanged for, with words for it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        made = copy.deepcopy(node)
        made.ops[0] = _SWAPS[type(node.ops[0])]()
        yield "compares the other way", made
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPS:
        swapped = copy.deepcopy(node)
        swapped.op = _SWAPS[type(node.op)]()
        yield "another operator", swapped
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without `not`", node.operand
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        negated = copy.deepcopy(node)
        negated.test = ast.UnaryOp(ast.Not(), negated.test)
        yield "the other branch", negated
    if isinstance(node, ast.Break | ast.Continue):
        yield "break for continue", _SWAPS[type(node)]()
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "the other truth value", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "one more", ast.Constant(node.value + 1)
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "returns None", ast.Return(ast.Constant(None))
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and not _is_docstring(node):
        yield "left out", ast.Pass()


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else self.generic_visit(node)


def mutants(path: Path) -> list[tuple[str, str, int, Callable[[], types.CodeType]]]:
    """(qualified name, words, row, what makes the code of the function) for each mutant of a module."""
    tree = ast.parse(path.read_text())
    return [
        (name, words, node.lineno, partial(_code, tree, name, node, new, path))
        for name, function in _functions(tree, "")
        for statement in function.body
        for node in _run(statement)
        for words, new in mutations(node)
    ]


def _run(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """What runs of a statement: no annotation does, and the defaults of the function itself have run before."""
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from _run(part)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _code(tree: ast.Module, name: str, old: ast.AST, new: ast.AST, path: Path) -> types.CodeType:
    memo: dict[int, object] = {}
    copied = copy.deepcopy(tree, memo)
    mutated = _Exchange(memo[id(old)], copy.deepcopy(new)).visit(copied)  # type: ignore[arg-type]
    ast.fix_missing_locations(mutated)
    found: types.CodeType = compile(mutated, str(path), "exec")  # type: ignore[call-overload]
    for part in name.split("."):
        found = next(const for const in found.co_consts if isinstance(const, types.CodeType) and const.co_name == part)
    return found


def plant(module: types.ModuleType, name: str, code: types.CodeType) -> None:
    """Exchange the code of one function of a module."""
    target: object = module
    for part in name.split("."):
        target = vars(target)[part]
    if isinstance(target, staticmethod | classmethod):
        target = target.__func__
    if isinstance(target, property):
        target = target.fget
    getattr(target, "cache_clear", lambda: None)()  # what the unmutated function gave while it was loaded
    target = getattr(target, "__wrapped__", target)
    target.__code__ = code  # type: ignore[attr-defined]
    _make_anew(module, name)


def _make_anew(module: types.ModuleType, name: str) -> None:
    """Make the tables anew that the module made with the function while it was loaded (`NUMPY = _table()`)."""
    for statement in ast.parse(Path(str(module.__file__)).read_text()).body:
        if isinstance(statement, ast.AnnAssign) and ast.unparse(statement).endswith(f" = {name}()"):
            table, made = getattr(module, ast.unparse(statement.target)), getattr(module, name)()
            table.clear()
            table.update(made)


def outcome(module: types.ModuleType, name: str, code: types.CodeType, tests: list[str], seconds: float) -> str:
    """`survived`, `killed` or `out of time`: what the tests make of the mutant in a process of its own."""
    process = os.fork()
    if process == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            plant(module, name, code)
            status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", *tests])
        except BaseException:
            status = pytest.ExitCode.TESTS_FAILED
        os._exit(int(status))
    watched = os.pidfd_open(process)
    try:
        if not select.select([watched], [], [], seconds)[0]:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return "out of time"
    finally:
        os.close(watched)
    return "killed" if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) else "survived"


def noticing(package: str, stem: str) -> list[str]:
    """What pytest is told to run for a module; of the fixtures a rule's own, for the others what they are to say."""
    names = dict.fromkeys((f"test_{stem}", *TESTS[package].split()))
    files = [f"tests/{name}.py" for name in names if (ROOT / "tests" / f"{name}.py").exists()]
    if package == "rules":
        return [*files, "-k", f"{stem.replace('_', '-')} or manual or classify"]
    return [*files, "-k", "not test_fixtures or exactly"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="mutants of each file; 0 is all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=240, help="for the tests of one mutant")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))
    os.chdir(ROOT)
    counts: Counter[str] = Counter()
    for path in options.paths:
        dotted = ".".join(path.resolve().relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(dotted)
        tests = noticing(dotted.split(".")[1], path.stem)
        every = mutants(path)
        chosen = random.Random(options.seed).sample(every, min(options.sample or len(every), len(every)))
        pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", *tests])
        for name, words, row, code in sorted(chosen, key=lambda item: item[2]):
            started = time.monotonic()
            found = outcome(module, name, code(), tests, options.seconds)
            counts[found] += 1
            print(f"{path}:{row}: {name}: {words}: {found} ({time.monotonic() - started:.0f} s)", flush=True)
        print(f"{path}: {len(every)} mutants, {len(chosen)} tried; so far {dict(counts)}", flush=True)


if __name__ == "__main__":
    main()
