from __future__ import annotations

import ast

import pytest

from closurelint.replay.liveness import live


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("x = 1; x = 2", "x = 2"),
        ("x = 1; y = x; x = 2", "x = 2"),
        ("x = 1; z = x; x = z", "x = 1\nz = x\nx = z"),
        ("x = np.random.randn(3); x = np.zeros(3)", "x = np.zeros(3)"),
        ("x = 1; y = 2", "x = 1"),
        ("x, (y, q) = 1, (2, 3); z = 1", "x, (y, q) = (1, (2, 3))"),
        ("x = net.fit(y); x = 2", "x = net.fit(y)\nx = 2"),
        ("x = y.reshape(2).astype(int); x = 2", "x = 2"),
        ("x = (q := 3); x = 2", "x = (q := 3)\nx = 2"),
        ("y = 1; net.W = y; x = 2", "y = 1\nnet.W = y\nx = 2"),
        ("y = {}; y['k'] = 1; x = 2", "y = {}\ny['k'] = 1\nx = 2"),
        ("x = 1; x += 2", "x = 1\nx += 2"),
        ("train(y); x = 1", "train(y)\nx = 1"),
        ("x = len([1]); x = float(3)", "x = float(3)"),
    ],
)
def test_only_dead_assignments_are_left_out(source: str, kept: str) -> None:
    statements = live(ast.parse(source).body, ["x"])
    assert "\n".join(ast.unparse(statement) for statement in statements) == ast.unparse(ast.parse(kept))
