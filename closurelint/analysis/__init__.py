"""The static half: what a program does with its objectives, over abstract values. LibCST lives here only."""
