"""closurelint finds functions that ignore the thing they are differentiated, fitted or searched by."""

__version__ = "0.1.0"
