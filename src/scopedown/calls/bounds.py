"""The bounds of the machine: how much of a program it follows, and what it says where it stops.

Each row is one bound. Where a run reaches it, the machine reports the row's message once, at the place where the first
part was cut (a finding ``analysis-bound``), and the function is not seen whole. What only makes a *value* unknown needs
no row: a test on it is undecided, and a resource that is named by it may be any.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Bound:
    """One bound: its name, how many (of what the message names) are followed, and the message, in which ``{most}`` is
    that number and ``{what}`` the name of a function."""

    name: str
    most: int
    message: str

    def said(self, what: str = "") -> str:
        """The message."""
        return self.message.format(most=f"{self.most:,}", what=what)


CONTEXTS = Bound("contexts", 40, "the code calls {what} in more than {most} ways; scopedown treats some of them alike")
"""Different arguments for which one function is run; after that, calls whose arguments are of the same kinds share a
result. A run counts more than once where it is quiet, or in a long run (``interpreter/contexts.py``)."""
MERGED = Bound("merged", 120, "the code calls {what} with very many values; scopedown treats some of them alike")
"""After so many, scalars among the arguments are taken as unknown, so that one more run stands for all the rest."""
DEPTH = Bound("depth", 48, "scopedown does not follow calls that are nested deeper than {most} levels")
STEPS = Bound("steps", 600_000, "scopedown stopped after {most} steps and reports the calls that it found until then")
"""Expressions evaluated for one handler."""
STACK = Bound(
    "recursion", 15_000, "the code is nested too deeply; scopedown reports the calls that it found before it stopped"
)
"""Python's own calls inside each other: abstract calls nest them about tenfold, and since 3.11 they take no C stack."""
ROUNDS = Bound("rounds", 12, "scopedown stopped to follow what a loop adds to its own work after {most} rounds")
NAMED = Bound("named", 200, "a loop names more than {most} objects; scopedown does not follow what it adds to others")
"""Objects and collections, and what is in them, that are looked through for a list of work."""
CALLABLES = Bound("values", 512, "the code calls one of more than {most} functions, of which scopedown followed {most}")
"""Functions and objects that one value may be: a table of handlers is wider than a choice of names."""
NESTED = Bound(
    "nested", 6, "functions in objects that are nested deeper than {most} levels reach code that scopedown did not read"
)
THROWN = Bound("thrown", 16, "the code throws more than {most} objects that have functions or clients in them")
STORED = Bound("stored", 16, "the code keeps more than {most} clients or objects under the name {what}")
HELD = Bound("held", 32, "the code puts more than {most} values into one queue")
EVENTS = Bound("events", 200, "the code registers or emits more than {most} events of one emitter")
LISTED = Bound("listed", 60, "__all__ of the package {what} lists more than {most} modules")
INSTALLED = Bound("installed", 300, "the installed packages that import an AWS SDK are too large to read completely")
"""Files of installed packages that are read for one handler."""
INSTALLED_STEPS = Bound(
    "installed-steps", 200_000, "the installed packages that import an AWS SDK are too large to read completely"
)
"""Steps that the top levels of installed packages may take, so that the project's own code has the rest."""
UNIT = Bound("unit", 5_000, "scopedown read only {what} of the files that are compiled together")

SITE_FILES = Bound("site-files", 2_000, "scopedown looked for further calls in only {most} of the function's files")
"""Files of one function that the second opinion looks at."""
SITES = Bound("sites", 400, "more than {most} lines name an operation that scopedown did not see run")
"""Lines of the second opinion that are listed; with more, each action that one could need is listed once."""
VARIABLES = Bound("variables", 16, "the code takes the addresses of more than {most} variables of one object")
CAPTURED = Bound("captured", 64, "the code gives one object of a library more than {most} functions or objects")
"""Functions and objects that one object of a library is known to hold."""
LOADED = Bound("loaded", 12, "more than {most} files define {what}; scopedown read {most} of them")
"""Files that are loaded for one name of a language whose files say nothing of each other (Ruby)."""
WRITTEN = Bound("written", 16, "the code writes a function to an unknown place of a list of more than {most} elements")
"""Elements of a list to any of which a write may be whose position is not known."""
IMPLEMENTING = Bound("implementing", 16, "more than {most} types implement {what}; scopedown asked {most} of them")
"""Types that implement one trait of Rust and are asked for a member of it."""
ATTRIBUTES = Bound("attributes", 300, "scopedown looked for functions with an attribute in only {most} files")
"""Files of a program in Rust that are loaded for functions with an attribute of an unread crate."""

BOUNDS = (
    CONTEXTS, MERGED, DEPTH, STEPS, STACK, ROUNDS, NAMED, CALLABLES, NESTED, THROWN, STORED, HELD, EVENTS, LISTED,
    INSTALLED, INSTALLED_STEPS, UNIT, SITE_FILES, SITES, VARIABLES, CAPTURED, LOADED, WRITTEN, IMPLEMENTING,
    ATTRIBUTES,
)  # fmt: skip
