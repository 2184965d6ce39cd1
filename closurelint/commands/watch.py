"""`--watch`: check again whenever a file changes."""

from __future__ import annotations

import os
import sys
import time

from closurelint.commands.run import say
from closurelint.configuration.layers import FILE_NAMES, displayed
from closurelint.configuration.settings import DEFAULT_EXCLUDE, SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SUFFIXES = (".py", ".pyw", ".ipynb", ".md", ".rst", ".txt")
CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(paths: Sequence[str], again: Callable[[], int]) -> int:
    """Call `again` at once and after every change below `paths`, until interrupted; raises SettingsProblem."""
    try:
        import watchfiles
    except ModuleNotFoundError as missing:
        raise SettingsProblem(
            "`--watch` needs watchfiles, install it with `pip install closurelint[watch]`"
        ) from missing
    existing = [path for path in paths if os.path.exists(path)]
    if not existing:
        raise SettingsProblem(f"`--watch` has nothing to watch: {' '.join(paths)} does not exist")
    _once(again)
    for _ in watchfiles.watch(*existing, watch_filter=lambda _, path: concerns(path), raise_interrupt=True):
        if sys.stdout.isatty():
            sys.stdout.write(CLEAR)
        _once(again)
    return 0


def concerns(path: str) -> bool:
    """Whether a change of the file at `path` can change what is found."""
    parts = displayed(path).replace(os.sep, "/").split("/")
    if not set(parts[:-1]).isdisjoint((*DEFAULT_EXCLUDE, "__pycache__")):
        return False
    return parts[-1].endswith(SUFFIXES) or parts[-1] in (*FILE_NAMES, ".gitignore")


def _once(again: Callable[[], int]) -> None:
    """One round; a configuration that is broken for the moment does not end the watch."""
    try:
        again()
    except SettingsProblem as problem:
        say(f"closurelint: error: {problem}")
    print(f"{time.strftime('%H:%M:%S')} watching for changes, Ctrl-C ends", file=sys.stderr, flush=True)
    sys.stdout.flush()
