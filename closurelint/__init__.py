"""closurelint finds functions that ignore the thing they are differentiated, fitted or searched by.

The library interface is three functions, loaded when they are first used: `check_source` for text at hand,
`check_paths` for files and folders, and `load_settings` for the configuration that would hold for them.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__", "check_paths", "check_source", "load_settings"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.library import check_paths, check_source, load_settings


def __getattr__(name: str) -> object:
    """Load the library interface when it is first asked for."""
    if name in ("check_paths", "check_source", "load_settings"):
        from closurelint import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
