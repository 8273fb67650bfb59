"""Methods that Ruby calls by itself, and those that take something away from a class."""

from __future__ import annotations

from typing import Final

TAKES_AWAY: Final = frozenset(
    {"remove_method", "undef_method", "remove_const", "remove_class_variable", "remove_instance_variable", "refine"}
)
"""https://docs.ruby-lang.org/en/3.4/Module.html: what a class has after them is followed only in part."""
_HOOKS: Final = (
    "const_added", "const_missing", "extended", "extend_object", "append_features", "prepend_features", "included",
    "inherited", "prepended", "method_added", "method_removed", "method_undefined", "singleton_method_added",
    "singleton_method_removed", "singleton_method_undefined", "method_missing", "respond_to_missing?", "coerce",
    "initialize_copy", "initialize_clone", "initialize_dup", "marshal_dump", "marshal_load", "to_str", "to_ary",
    "to_proc", "to_hash", "to_int", "to_path", "hash", "eql?",
)  # fmt: skip
"""What Ruby calls on classes and on any object (https://docs.ruby-lang.org/en/3.4/Module.html, …/Object.html)."""
IMPLICIT: Final = frozenset({*_HOOKS, *(f"self.{name}" for name in _HOOKS)})
"""The same, of an object and of a class itself."""
