"""Names of built-in functions that no source can have, and fields that the front end adds."""

from typing import Final

REFERENCE: Final = "<reference>"
"""``Type::method``: the function that gives it is Java's."""
COMPONENT: Final = "<component>"
"""A part of a value that is taken apart: ``val (a, b) = pair``."""
ELEMENTS: Final = "<elements>"
"""What a loop goes through; of a map its entries."""
EXTENSION: Final = "<extension>"
"""Stands among the annotations of a function that extends a type, with that type."""
PERHAPS: Final = "<perhaps>"
"""Takes a function that the language may call where no call is written: an operator that extends a type, a setter."""
DELEGATE: Final = "<delegate {}>"
"""The field with the object that implements an interface for its owner."""
INITIALISE: Final = "<initialise>"
"""The method that runs what initialises an object where no constructor is the primary one."""
