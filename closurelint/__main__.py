"""`python -m closurelint` and the console script."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process; the exit status."""
    words = sys.argv[1:]
    if words in (["--version"], ["-V"], ["version"]):
        from closurelint import __version__

        print(f"closurelint {__version__}")
        return 0
    _forget_working_directory()
    from closurelint.commands.cli import main as run

    return run(words)


def _forget_working_directory() -> None:
    """Take the directory that `python -m` puts on the path off it again, unless closurelint itself is there.

    A `numpy.py` beside the checked code is not numpy.
    """
    import os

    package = os.path.dirname(os.path.abspath(__file__))
    if sys.path and not getattr(sys.flags, "safe_path", False):
        first = os.path.abspath(sys.path[0] or os.curdir)
        if first == os.getcwd() and first != os.path.dirname(package):
            del sys.path[0]


if __name__ == "__main__":
    sys.exit(main())
