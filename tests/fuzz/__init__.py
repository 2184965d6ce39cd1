"""Generated inputs: objectives whose dependence is known by construction, and files that are no good.

`python -m tests.fuzz --help` runs the long forms; the suite runs short ones.
"""
