"""What is asked for: settings, their sources, and the rules that they select."""
