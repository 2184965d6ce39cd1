"""Reading files: bytes to programs of Python text, with a map of positions and a way back."""
