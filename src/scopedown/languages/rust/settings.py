"""What derived code makes of the environment, and conversions to a declared type, in the intermediate form.

A structure that serde or clap fills from the environment gets a function that does so
(:data:`FROM_ENVIRONMENT`), by the rules of https://docs.rs/envy (the variable is the field's name in capitals),
https://docs.rs/config and https://docs.rs/figment (the same behind a prefix), https://docs.rs/clap
(``#[arg(env = "NAME")]``) and https://docs.rs/envconfig (``#[envconfig(from = "NAME")]``). ``x.into()`` calls the
conversion of the type that is declared for its result; :data:`CONVERTED` carries the type to where the code runs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scopedown.languages.rust import types
from scopedown.languages.rust.kinds import CONVERTED, FROM_ENVIRONMENT, VARIABLE
from scopedown.languages.rust.work import Work
from scopedown.source import ir
from scopedown.source.languages.front_end import MAX_OPERANDS

if TYPE_CHECKING:
    from tree_sitter import Node

_ARGUMENTS: Final = ("Parser", "Args", "StructOpt", "Clap")
_NAMED: Final = ("Envconfig", "FromEnv")
_DERIVES: Final = re.compile(r"derive\(([^)]*)\)")
_ENV: Final = re.compile(r"\benv(?:\s*=\s*|\s*\(\s*)\"([^\"]+)\"")
_BARE_ENV: Final = re.compile(r"[(,]\s*env\s*[,)]")
_FROM: Final = re.compile(r"\b(?:from|var)\s*=\s*\"([^\"]+)\"")
_RENAME: Final = re.compile(r"\brename\s*=\s*\"([^\"]+)\"")
_FLATTEN: Final = re.compile(r"\b(?:flatten|nested)\b")

_CONVERSIONS: Final = frozenset(
    {"into", "try_into", "from_env", "try_deserialize", "deserialize", "extract", "parse", "init_from_env", "try_from"}
)
"""Methods whose result is of the type that is declared for it."""
_PASSING: Final = frozenset(
    {
        "unwrap", "expect", "map_err", "context", "with_context", "wrap_err", "wrap_err_with", "unwrap_or_else",
        "unwrap_or_default", "unwrap_or", "or_else", "clone", "ok",
    }
)  # fmt: skip


def above(work: Work, node: Node) -> str:
    """The attributes above an item or a field, in one text."""
    found: list[str] = []
    before = node.prev_named_sibling
    while before is not None and work.kind(before) in ("attribute_item", "line_comment", "block_comment"):
        if work.kind(before) == "attribute_item":
            found.append(work.text(before))
        before = before.prev_named_sibling
    return "\n".join(reversed(found))


def derives(work: Work, node: Node) -> set[str]:
    """The traits that are derived for a type, by their last names."""
    listed = ",".join(_DERIVES.findall(above(work, node)))
    return {one.strip().rpartition("::")[2] for one in listed.split(",") if one.strip()}


def from_environment(work: Work, node: Node, name: str, body: Node | None) -> None:
    """The functions that fill a structure from the environment, where one is derived."""
    traits = derives(work, node)
    if body is None or work.kind(body) != "field_declaration_list" or not traits:
        return
    is_named = not traits.isdisjoint((*_ARGUMENTS, *_NAMED))
    if not is_named and "Deserialize" not in traits:
        return
    at = work.at(node)
    prefix, separator = ir.Name("prefix", at), ir.Name("separator", at)
    entries: list[tuple[ir.Expr | None, ir.Expr]] = []
    for field in work.named(body):
        field_name = field.child_by_field_name("name")
        if field_name is None:
            continue
        value = _field(work, field, work.text(field_name), is_named, prefix, separator)
        if value is not None:
            entries.append((ir.Const(work.text(field_name), at), value))
    made = ir.Initialised(ir.Call(ir.Name(name, at), (), (), at, new=True), tuple(entries), at)
    parameters = (ir.Parameter(prefix), ir.Parameter(separator))
    names = frozenset({"prefix", "separator"})
    made_by = ir.Function(FROM_ENVIRONMENT, parameters, (ir.Return(made, at),), names, at, "none")
    functions = [FROM_ENVIRONMENT]
    if not traits.isdisjoint(_ARGUMENTS):
        functions += ["parse", "try_parse", "from_args"]
    if not traits.isdisjoint(_NAMED):
        functions += ["init_from_env", "from_env", "init"]
    for one in functions:
        work.emit(ir.Assign(ir.Attr(ir.Name(name, at), one, at), ir.Lambda(made_by, at), at))


def _field(work: Work, field: Node, name: str, is_named: bool, prefix: ir.Expr, separator: ir.Expr) -> ir.Expr | None:
    written, at = above(work, field), work.at(field)
    typed = types.annotation(work, field.child_by_field_name("type"))
    if _FLATTEN.search(written):
        return None if typed is None else ir.Call(ir.Attr(typed, FROM_ENVIRONMENT, at), (prefix, separator), (), at)
    if is_named:
        found = _ENV.search(written) or _FROM.search(written)
        if found is None and not _BARE_ENV.search(written):
            return None
        variable: ir.Expr = ir.Const(found[1] if found is not None else name.upper(), at)
    else:
        renamed = _RENAME.search(written)
        own = ir.Const((renamed[1] if renamed is not None else name).upper(), at)
        variable = ir.Template((prefix, own), at)
        if typed is not None and isinstance(typed, ir.Name) and typed.id in work.module.items:
            inner = ir.Template((prefix, own, separator), at)
            return ir.Call(ir.Attr(typed, FROM_ENVIRONMENT, at), (inner, separator), (), at)
    return ir.Call(ir.Name(VARIABLE, at), (variable,), (), at)


def converted(value: ir.Expr, declared: ir.Expr | None) -> ir.Expr:
    """A value that is converted to the type that is declared for it: ``let c: Config = text.into()``."""
    if declared is None or not _is_conversion(value):
        return value
    return ir.Call(ir.Name(CONVERTED, value.at), (value, declared), (), value.at)


def _is_conversion(value: ir.Expr) -> bool:
    for _ in range(MAX_OPERANDS):
        if not isinstance(value, ir.Call):
            return False
        function = value.function
        if isinstance(function, ir.Name):
            return function.id.rpartition("::")[2] in _CONVERSIONS
        if not isinstance(function, ir.Attr):
            return False
        if function.name in _CONVERSIONS:
            return True
        if function.name not in _PASSING:
            return False
        value = function.object
    return False
