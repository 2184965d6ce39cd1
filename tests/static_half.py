"""Runs the static half on pieces of code, for tests of its parts."""

from __future__ import annotations

import textwrap
from pathlib import Path

from closurelint.analysis.resolve import Project
from closurelint.analysis.sites import find
from closurelint.catalogue import catalogue
from closurelint.classify import fault
from closurelint.subjects import Site, Subjects
from closurelint.triage.part import Part

IMPORTS = """\
import functools
import jax
import jax.numpy as jnp
import numpy as np
import torch
from scipy.optimize import approx_fprime, minimize
"""


def subjects(text: str, filename: str | Path = "/nowhere/main.py") -> Subjects:
    """All that is found in the text, sites without fault included; the project around it is what `filename` says."""
    return find(Part(textwrap.dedent(text)), str(filename), catalogue(), Project(), everything=True)


def sites(text: str, filename: str | Path = "/nowhere/main.py") -> tuple[Site, ...]:
    """The sites of a text that starts with the usual imports."""
    return subjects(IMPORTS + textwrap.dedent(text), filename).sites


def site(text: str, filename: str | Path = "/nowhere/main.py") -> Site:
    """The only site of a text that starts with the usual imports."""
    (found,) = sites(text, filename)
    return found


def faults(text: str, filename: str | Path = "/nowhere/main.py") -> list[str | None]:
    """The fault of each site, None for those without."""
    return [fault(found) for found in sites(text, filename)]


def objective_site(body: str, before: str = "", call: str = "jax.grad(objective)(params)") -> Site:
    """The site of `objective(p)` with this body, differentiated by JAX at `params`."""
    lines = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    found = sites(f"{textwrap.dedent(before)}\ndef objective(p):\n{lines}\n\n{call}\n")
    (wanted,) = [item for item in found if item.objective.name == "objective"]
    return wanted


def write(root: Path, **files: str) -> Path:
    """Files by dotted name, `__init__` included; the folder is marked as the project's root."""
    (root / "pyproject.toml").touch()
    for name, text in files.items():
        path = root.joinpath(*name.split("__in__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root
