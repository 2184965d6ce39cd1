"""A file, or a part of it, could not be read as Python.

## What it does

Reports a file that cannot be opened, decoded or parsed, a notebook's cell that does not parse, and a rule that failed.
The other files, and the other cells, are checked all the same.

## Why is this bad?

What was not read was not checked. A gate that passes over it in silence says that all is well when it does not know.

## Example

```text
def loss(w:
    return w
```

## Use instead

```python
def loss(w):
    return w
```

## Limits

The grammar is LibCST's, which reads newer syntax than the Python that runs closurelint.
"""

from __future__ import annotations

from closurelint.rule import Rule

RULE = Rule(code="CLO900", name="invalid-syntax", manual=__doc__ or "", subject="file", severity="error")
