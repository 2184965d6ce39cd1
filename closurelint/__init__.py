"""closurelint finds functions that ignore the thing they are differentiated, fitted or searched by.

The library interface is three functions: `check_source` for text at hand, `check_paths` for files and folders, and
`load_settings` for the configuration that would hold for them; and the types of what they take and give. It is loaded
when it is first used.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "Edit",
    "Evidence",
    "FileResult",
    "Fix",
    "Gradient",
    "Position",
    "Range",
    "Related",
    "Settings",
    "SettingsProblem",
    "__version__",
    "check_paths",
    "check_source",
    "load_settings",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.library import (
        Diagnostic,
        Edit,
        Evidence,
        FileResult,
        Fix,
        Gradient,
        Position,
        Range,
        Related,
        Settings,
        SettingsProblem,
        check_paths,
        check_source,
        load_settings,
    )


def __getattr__(name: str) -> object:
    """Load the library interface when it is first asked for."""
    if name in __all__:
        from closurelint import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name also what is not loaded yet."""
    return sorted({*globals(), *__all__})
