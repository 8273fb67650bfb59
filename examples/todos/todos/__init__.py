"""The functions of the todos service."""
