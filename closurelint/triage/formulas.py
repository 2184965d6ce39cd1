"""What a formula looks like in bytes; loaded where a search for plain words leaves a doubt."""

from __future__ import annotations

import re

MINUS = re.compile(rb"(?<!return )-=?[ \t\n\\]*[^\W\d]|-=?[ \t\n\\]*[(\[]")
"""A minus before what may be a result: no number, no arrow."""
TIMES = re.compile(rb"[\w)\]][ \t\n\\]*(?:/|\*(?!\*))=?[ \t\n\\]*[\w(\[+-]")
"""A division or a multiplication of two things."""
