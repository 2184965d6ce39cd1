"""Damaged files, settings, baselines, caches and messages: always an answer, none that asks for a bug report."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz import endurance

SOURCES = endurance.fixtures()


@pytest.mark.parametrize("kind", list(endurance.FILES))
@pytest.mark.parametrize("first", range(0, 24, 8))
def test_damaged_files_are_answered(kind: str, first: int) -> None:
    for seed in range(first, first + 8):
        data, filename = endurance.FILES[kind](random.Random(seed), SOURCES)
        assert endurance.trouble(data, filename) == "", (seed, data[:500])


def test_damaged_settings_are_answered(tmp_path: Path) -> None:
    for seed in range(200):
        assert endurance.settings_trouble(random.Random(seed), tmp_path) == "", seed


def test_damaged_baselines_are_answered(tmp_path: Path) -> None:
    for seed in range(200):
        assert endurance.baseline_trouble(random.Random(seed), tmp_path) == "", seed


def test_damaged_caches_change_nothing(tmp_path: Path) -> None:
    for seed in range(40):
        assert endurance.cache_trouble(random.Random(seed), tmp_path) == "", seed


def test_spoilt_messages_are_answered(tmp_path: Path) -> None:
    pytest.importorskip("pygls")
    from fuzz.messages import Conversation

    talk = Conversation(tmp_path)
    try:
        for seed in range(60):
            assert talk.trouble(random.Random(seed)) == "", seed
    finally:
        talk.close()


@pytest.mark.parametrize("size", [1_000_000])
def test_a_very_long_line_is_answered(size: int) -> None:
    data = b"import jax\ng = jax.grad(lambda w: loss)(w)  # " + b"x" * size + b"\n"
    assert endurance.trouble(data, "long.py") == ""
