"""Ruby's classes of records: ``Struct.new(:a)``, ``Data.define(:a)``, ``OpenStruct``
(https://docs.ruby-lang.org/en/3.3/Struct.html). Each is the class that its members would be written as."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from scopedown.calls.machine import Activation, Machine
from scopedown.calls.values import CallSite, Const, Frame, Object, UnknownValue, Value
from scopedown.languages.ruby.lower import lower
from scopedown.source import ir

_NAME: Final = re.compile(r"[A-Za-z_]\w*")
MAX_MEMBERS: Final = 100


def new_struct(site: CallSite, run: Machine) -> Value:
    """The class of records with these members."""
    names = [
        value.value for value in site.positional[:MAX_MEMBERS]
        if isinstance(value, Const) and isinstance(value.value, str) and _NAME.fullmatch(value.value)
    ]  # fmt: skip
    frame = Frame(run.position.file, frozenset(), run.heap.globals, language=run.position.language.name)
    made = run.evaluate(Activation(frame, False), _definition(tuple(names)))
    return made


@lru_cache(maxsize=256)
def _definition(names: tuple[str, ...]) -> ir.Expr:
    symbols = ", ".join(f":{name}" for name in names)
    plain = ", ".join(f"{name}_ = nil" for name in names)
    kept = "\n".join(f"@{name} = {name}_.nil? ? more_[:{name}] : {name}_" for name in names)
    comma = ", " if names else ""
    source = f"""
    class Record
      {"attr_accessor " + symbols if names else ""}
      def initialize({plain}{comma}**more_)
        {kept}
      end
    end
    """
    statement = lower(source.encode(), "struct.rb").body[0]
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.ClassExpr)
    definition = statement.value.definition
    definition.name = ""  # it is known by the constant that it is given to
    return statement.value


def open_struct(given: Object) -> Value:
    """An object whose members are read and written by any name."""
    return Object(dict(given.fields), given.rest or UnknownValue("a member"))
