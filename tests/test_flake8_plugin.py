"""The plugin as flake8 runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("flake8")

SOURCE = """\
from scipy.optimize import minimize

\tx = 1
"""
FINDING = """\
from scipy.optimize import minimize

name = "学習"; r = minimize(lambda w: net.loss(x, t), w0)
s = minimize(lambda w: net.loss(x, t), w0)  # noqa: CLO103
t = minimize(lambda w: w @ w, w0)
"""


SILENCED = """\
from common.gradient import numerical_gradient


def f(W):  # noqa: CLO201
    return net.loss(x, t)


dW = numerical_gradient(f, net.W)


def g(W):
    return net.loss(x, t)


dW = numerical_gradient(g, net.W)  # noqa: E501,CLO201
dW = numerical_gradient(
    lambda W: net.loss(x, t),
    net.W,
)  # noqa: CLO201
dW = numerical_gradient(lambda W: net.loss(x, t), net.W)  # noqa:E501
if x:
\tdW = numerical_gradient(lambda W: net.loss(x, t), net.W)
"""


def flake8(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", *(options or ("--select=CLO,E9",)), path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_finding_has_flake8s_place_and_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "fit.py"
    path.write_text(FINDING, encoding="utf-8")
    done = flake8(path)
    assert done.stdout.startswith("fit.py:3:27: CLO103 objective never reads its parameter `w`: ")
    assert "max |dW| is 0 for a copy" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert done.returncode == 1


def test_a_file_without_findings_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "clean.py"
    path.write_text("x = [lambda _: 1][0]\n", encoding="utf-8")
    assert flake8(path).returncode == 0


def test_a_syntax_error_stays_flake8s_own(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(SOURCE, encoding="utf-8")
    done = flake8(path)
    assert "E999" in done.stdout or "E902" in done.stdout
    assert "CLO900" not in done.stdout


def test_noqa_counts_on_the_objective_on_its_site_and_at_the_statements_end(tmp_path: Path) -> None:
    path = tmp_path / "fit.py"
    path.write_text(SILENCED, encoding="utf-8")
    places = [line.split(" ", 1)[0] for line in flake8(path).stdout.splitlines()]
    assert places == ["fit.py:20:25:", "fit.py:22:26:"]


def test_the_codes_are_selected_without_being_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "fit.py"
    path.write_text(FINDING, encoding="utf-8")
    assert ":3:27: CLO103 " in flake8(path, "--extend-ignore=F").stdout
    assert "CLO" not in flake8(path, "--extend-ignore=CLO").stdout


def test_a_configuration_that_cannot_be_followed_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "fit.py"
    path.write_text(FINDING, encoding="utf-8")
    (tmp_path / "closurelint.toml").write_text('selekt = ["CLO1"]\n')
    done = flake8(path)
    assert done.returncode == 1
    assert "closurelint.toml: no setting is called `selekt`, did you mean `select`?" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
