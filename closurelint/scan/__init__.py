"""Checking what is kept in bulk: archives, git objects, tables and folders of repositories, on many processors."""
