"""Containers of dependencies, each in a module."""
