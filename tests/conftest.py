from __future__ import annotations

import os
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lsp_client import Client

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell starts what runs in its background deaf to interrupts, and so would be what the tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless", action="store_true", help="write every generated file instead of checking that it is fresh"
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--bless"))


@pytest.fixture
def blessed(bless: bool) -> Callable[[Path, str], None]:
    """Compares a generated file with what it should hold, or writes it under `--bless`."""

    def check(path: Path, text: str) -> None:
        if bless:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        assert path.is_file(), f"{path} is missing, `pytest --bless` writes it"
        assert path.read_bytes().decode("utf-8") == text, f"{path} is stale, `pytest --bless` writes it"

    return check


@pytest.fixture
def network() -> None:
    """Leaves out, unless it is asked for, a test that installs something from a package index."""
    if os.environ.get("CLOSURELINT_ONLINE") != "1":
        pytest.skip("installs from a package index, CLOSURELINT_ONLINE=1 lets it")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a `closurelint` that is this checkout, for PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    command = folder / "closurelint"
    root = Path(__file__).parent.parent
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m closurelint "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with Client(tmp_path) as client:
        yield client
