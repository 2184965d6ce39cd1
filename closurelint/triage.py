"""Whether a file can hold a finding at all, asked of its bytes: most files stop here, and nothing is loaded for them.

Every finding is about a function that is handed over as a value: a `lambda`, a decorated function, or a function or
method of the same file whose name stands somewhere without being called, or an instance that can be called. A file
without any of these is clean.
"""

from __future__ import annotations


def may_hold_findings(data: bytes) -> bool:
    """Whether the Python source in `data` has to be looked at more closely."""
    if b"lambda" in data or b"__call__" in data or b"coding" in data[:200]:
        return True
    if b"def" not in data:
        return False
    import re

    if re.search(rb"^[ \t\f]*@", data, re.MULTILINE) is not None:
        return True
    defined = set(re.findall(rb"\bdef[\s\\]+([^\s(\[:]+)", data))
    mentioned = re.findall(rb"(\bdef[\s\\]+)?([\w\x80-\xff]+)(?![\w\x80-\xff])(?![ \t]*\()", data)
    return any(not definition and name in defined for definition, name in mentioned)
