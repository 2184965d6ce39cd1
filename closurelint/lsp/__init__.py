"""The language server: editors ask, the engine answers in a process of its own; only the command starts it."""
