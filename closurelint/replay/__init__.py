"""The numeric half: evaluates the closure that was found, on stand-ins, and measures its gradient.

Nothing of the checked code is executed: its syntax tree is interpreted over numpy arrays, with no access to builtins,
imports, real attributes, files or the network. numpy is loaded when `replay` is called, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from closurelint.replay.limits import Limits

if TYPE_CHECKING:
    from closurelint.evidence import Claim, Evidence

__all__ = ["Limits", "replay"]

_DEFAULT = Limits()


def replay(claim: Claim, limits: Limits = _DEFAULT) -> Evidence:
    """Evaluate the claim's objective and say whether the numbers confirm it; never raises for what the source holds."""
    from closurelint.replay.verdict import decide  # numpy is loaded here

    return decide(claim, limits)
