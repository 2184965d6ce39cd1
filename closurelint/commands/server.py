"""`closurelint server`: the language server, on standard input and output."""

from __future__ import annotations

from closurelint.configuration.settings import SettingsProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from closurelint.commands.options import Arguments


def served(arguments: Arguments) -> int:
    """Serve one client, and give the exit status; raises SettingsProblem without pygls 2."""
    from closurelint.commands.run import wishes_of

    layers, file, isolated = wishes_of(arguments)
    try:
        from closurelint.lsp.features import serve
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs", "attr"):
            raise
        raise SettingsProblem(
            "`closurelint server` needs pygls 2, install it with `pip install closurelint[lsp]`"
        ) from missing
    return serve(layers, file, isolated)
