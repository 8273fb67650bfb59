"""Containers that inject dependencies, one module each; loaded when code imports one of them."""
