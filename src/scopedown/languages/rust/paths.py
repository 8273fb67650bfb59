"""Names of Rust: ``use`` trees, paths (``crate::store::Store::new``), and what a name of a file leads to.

A path that leaves the file is one name of the intermediate form, written as in the source; ``Module.imports`` says
which qualified name it is: its parts joined by dots, beginning with ``crate``, ``self`` or ``super`` (of the file that
has it) or with a crate's name. By convention types begin with a capital: what follows the first one is its member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopedown.languages.rust.work import ModuleScope, Work
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

Path = tuple[str, ...]

MAX_HOPS = 20
"""Names of ``use`` that lead to one another inside of one file."""


def used(work: Work, node: Node, prefix: Path = (), depth: int = 0) -> list[tuple[str | None, Path]]:
    """What a ``use`` declaration brings: (local name, path); None as the name for all that is in a path."""
    kind = work.kind(node)
    if depth > work.max_depth:
        return []
    if kind == "use_declaration":
        argument = node.child_by_field_name("argument")
        return used(work, argument, (), depth + 1) if argument is not None else []
    if kind == "use_list":
        return [one for child in work.named(node) for one in used(work, child, prefix, depth + 1)]
    if kind == "scoped_use_list":
        path, listed = node.child_by_field_name("path"), node.child_by_field_name("list")
        start = (*prefix, *(segments(work, path) or ())) if path is not None else prefix
        return used(work, listed, start, depth + 1) if listed is not None else []
    if kind == "use_wildcard":
        inside = work.named(node)
        return [(None, (*prefix, *((segments(work, inside[0]) or ()) if inside else ())))]
    if kind == "use_as_clause":
        path, alias = node.child_by_field_name("path"), node.child_by_field_name("alias")
        if path is None or alias is None or work.text(alias) == "_":
            return []
        return [(work.text(alias), _whole(prefix, segments(work, path) or ()))]
    whole = _whole(prefix, segments(work, node) or ())
    return [(whole[-1], whole)] if whole else []


def _whole(prefix: Path, path: Path) -> Path:
    """``use a::{self}`` brings ``a``."""
    return prefix if path == ("self",) and prefix else (*prefix, *path)


def segments(work: Work, node: Node) -> Path | None:
    """The parts of a path as it is written, without generic arguments; None where it is none."""
    found: list[str] = []
    for _ in range(work.max_depth):
        kind = work.kind(node)
        if kind in ("scoped_identifier", "scoped_type_identifier", "scoped_use_list"):
            name = node.child_by_field_name("name")
            path = node.child_by_field_name("path")
            if name is None:
                return None
            found.append(work.text(name))
            if path is None:  # ``::name``, of a crate; of the root in the edition of 2015, as alone where it is called
                found += ["crate"] if len(found) == 1 and found[0] in work.root.items else []
                break
            node = path
        elif kind in ("generic_type", "generic_type_with_turbofish", "generic_function"):
            inner = node.child_by_field_name("type") or node.child_by_field_name("function")
            if inner is None:
                return None
            node = inner
        elif kind == "bracketed_type" and (inside := work.named(node)):
            node = inside[0]
        elif kind == "qualified_type" and (typed := node.child_by_field_name("type")) is not None:
            node = typed
        elif kind in _PARTS:
            found.append(work.text(node))
            break
        else:
            return None
    return tuple(reversed(found))


_PARTS = frozenset(
    {"identifier", "type_identifier", "field_identifier", "crate", "self", "super", "metavariable", "primitive_type"}
)


def expression(work: Work, path: Path, at: ir.At) -> ir.Expr:
    """The value of a path."""
    if len(path) == 1:
        return _single(work, path[0], at)
    first, rest = path[0], path[1:]
    if first == "Self":
        return members(work.self_type or ir.Name("Self", at), rest, at)
    if (bound := work.scope.generics.get(first)) is not None:
        return members(bound, rest, at)
    if (local := work.local(first)) is not None:
        return members(ir.Name(local, at), rest, at)
    return of_path(work, work.module, path, at)


def _single(work: Work, name: str, at: ir.At) -> ir.Expr:
    if (local := work.local(name)) is not None:
        return ir.Name(local, at)
    if name == "Self":
        return work.self_type or ir.Name("Self", at)
    if (bound := work.scope.generics.get(name)) is not None:
        return bound
    return of_path(work, work.module, (name,), at)


def members(value: ir.Expr, names: Path, at: ir.At) -> ir.Expr:
    """``value::a::b``."""
    for name in names:
        value = ir.Attr(value, name, at)
    return value


def of_path(work: Work, module: ModuleScope, path: Path, at: ir.At) -> ir.Expr:
    """The value of a path that begins in a module of this file."""
    for _ in range(MAX_HOPS):
        first, rest = path[0], path[1:]
        if (
            first == "self"
            and rest
            and (module.parent is not None or rest[0] in module.items or rest[0] in module.inner)
        ):
            path = rest
        elif first == "super" and rest and module.parent is not None:
            module, path = module.parent, rest
        elif first in module.items:
            return members(ir.Name(work.outside(module.prefix + first), at), rest, at)
        elif first in module.inner and rest:
            module, path = module.inner[first], rest
        elif first in module.uses:
            whole = (*_expanded(module, module.uses[first]), *rest)
            if not _stays(module, whole):
                return _imported(work, path, _qualified(module, whole), at)
            path = whole
        elif first in module.modules:
            return _imported(work, path, _qualified(module, ("self", *path)), at)
        elif len(path) > 1 or first in ROOTS:
            if rest and first[:1].isupper():  # a type of the prelude, or of a package of which all names are known
                return members(ir.Name(work.outside(first), at), rest, at)
            return _imported(work, path, _qualified(module, path), at)
        elif module.parent is not None and any(_is_parent(glob) for glob in module.globs):
            module = module.parent
        else:
            break
    return members(ir.Name(work.outside(path[0]), at), path[1:], at)


def _expanded(module: ModuleScope, path: Path) -> Path:
    """A path whose first part is a name that ``use`` brings (``use aws_sdk_s3 as s3; use s3::Client``)."""
    for _ in range(MAX_HOPS):
        meant = module.uses.get(path[0])
        if meant is None or meant[0] == path[0] or len(path) == 1 or _stays(module, path):
            break
        path = (*meant, *path[1:])
    return path


ROOTS = frozenset({"crate", "self", "super"})
"""What a path of the crate itself begins with."""


def _is_parent(glob: Path) -> bool:
    return glob == ("super",)


def _stays(module: ModuleScope, path: Path) -> bool:
    """Whether a path leads to something that stands in this file."""
    first, rest = path[0], path[1:]
    if first == "self" and rest:
        return module.parent is not None or rest[0] in module.items or rest[0] in module.inner
    if first == "super":
        return module.parent is not None and bool(rest)
    return bool(rest) and (first in module.items or first in module.inner)


def _qualified(module: ModuleScope, path: Path) -> str:
    """A path out of the file, as seen from the file. Inside of an inner module ``super`` may be the file itself."""
    first, rest = path[0], path[1:]
    if first in module.modules:
        first, rest = "self", path
    if first == "super" and module.parent is not None:
        return _qualified(module.parent, ("self", *rest) if rest[:1] != ("super",) else rest)
    if first == "self" and module.parent is not None:
        return ".".join(("self", *module.prefix.rstrip(":").split("::"), *rest))
    return ".".join((first, *rest))


def _imported(work: Work, path: Path, qualified: str, at: ir.At) -> ir.Expr:
    """A name of another file or crate; what follows a type's name is its member."""
    length = next((position for position, part in enumerate(path, 1) if part[:1].isupper()), len(path))
    beyond = len(path) - length
    name, meant = "::".join(path[:length]), qualified
    for _ in range(beyond):
        meant = meant.rpartition(".")[0]
    if work.imports.setdefault(name, meant) != meant:
        name = meant.replace(".", "::")
        work.imports[name] = meant
    return members(ir.Name(work.outside(name), at), path[length:], at)


def bring(work: Work, node: Node) -> None:
    """A ``use`` declaration inside of a function: its names are known in the whole file, where they are free."""
    module = work.module
    for name, path in used(work, node):
        if name is None:
            opened(work, module, path)
        elif name not in module.items and name not in module.uses:
            module.uses[name] = path
        elif name not in module.items and module.uses[name] != path:
            identifier = work.bind(name)
            target = of_path(work, module, path, work.at(node))
            work.emit(ir.Assign(ir.Name(identifier, work.at(node)), target, work.at(node)))


def opened(work: Work, module: ModuleScope, path: Path) -> None:
    """``use path::*``."""
    module.globs.append(path)
    if not path:
        return
    if _is_parent(path) and module.parent is not None:
        return
    path = _expanded(module, path)
    if not _stays(module, (*path, "*")):
        work.opened[_qualified(module, path)] = None
    elif path[-1][:1].isupper():  # the variants of an enumeration of this file
        work.opened[".".join(("self", *(part for part in path if part != "self")))] = None


def note_imports(work: Work, module: ModuleScope) -> None:
    """The names of a file that lead out of it, as its imports."""
    for name, written in module.uses.items():
        path = _expanded(module, written)
        if not _stays(module, path) and name not in module.items:
            work.imports.setdefault(name, _qualified(module, path))
    for name in module.modules:
        work.imports.setdefault(name, f"self.{name}")
