"""PHP's calls, constructions, members and elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scopedown.languages.php.scope import NODES, SEPARATOR, Lowering
from scopedown.source import ir

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CHAIN: Final = 400
"""Links of ``$a->b()->c…`` that are followed."""
Arguments = tuple[tuple[ir.Expr, ...], tuple[tuple[str | None, ir.Expr], ...]]
_LINKS: Final = frozenset({
    "member_call_expression", "nullsafe_member_call_expression", "member_access_expression",
    "nullsafe_member_access_expression", "subscript_expression",
})  # fmt: skip
DEFINE: Final = "<define>"
"""The function that makes a constant for all files."""
NAME: Final = "<name>"
"""The function that gives the name which a value is: what PHP's own functions give is one that is not known."""
CALLABLE: Final = "<callable>"
"""The function that gives what a value calls: a text is a function's name, an array an object's method."""
METHOD: Final = "<method>"
"""The function that gives a method of one of several classes, of no object."""
CLONE: Final = "<clone>"
UNSET: Final = "<unset>"
LOOSE: Final = "<loose>"
"""Functions that give a copy of an object and a value that may be another one by now, and that take an element away."""
HIDDEN: Final = "<hidden>"
"""The annotation of a method that other classes cannot call."""
CLASS_OF: Final = "<class of>"
"""The function that gives the class which a value names."""
CLASS: Final = "<class>"
"""The member of an object that is its class."""


def loose(value: ir.Expr, at: ir.At) -> ir.Expr:
    """A value that may be another one by now."""
    return ir.Call(ir.Name(LOOSE, at), (value,), (), at)


def loosen(work: Lowering, variable: ir.Expr | ir.Target, at: ir.At) -> None:
    """Code that is elsewhere has a reference to a variable."""
    if isinstance(variable, ir.Name):
        work.scope.loose.add(variable.id)
        work.emit(ir.Assign(variable, loose(variable, at), at))


@NODES.expression("relative_scope")
def class_reference(work: Lowering, node: Node) -> ir.Expr:
    """What stands before ``::`` or after ``new``: a class by its name, or a value."""
    at = work.at(node)
    kind = work.kind(node)
    if kind in ("name", "qualified_name", "relative_name", "relative_scope", "named_type"):
        written = work.text(node)
        scope = work.scope
        match written.lower():
            case "self" if not scope.trait:
                in_body = scope.kind == "class" or not scope.class_name
                return ir.This(at) if in_body else ir.Name(scope.class_name, at)
            case "static" | "self":  # a trait's own class is the one that uses it
                of_class = scope.kind in ("class", "static")
                return ir.This(at) if of_class else ir.Attr(ir.This(at), CLASS, at)
            case "parent":
                return ir.Super(at)
        return ir.Name(work.qualified(written), at)
    return ir.Call(ir.Name(CLASS_OF, at), (work.expression(node),), (), at)


@NODES.expression(
    "member_call_expression",
    "nullsafe_member_call_expression",
    "member_access_expression",
    "nullsafe_member_access_expression",
    "subscript_expression",
)
def chain(work: Lowering, node: Node) -> ir.Expr:
    """Members, elements and calls of them; a chain is walked, not descended."""
    links: list[Node] = []
    first: Node | None = node
    while first is not None and work.kind(first) in _LINKS:
        links.append(first)
        first = first.child_by_field_name("object") or (
            first.named_children[0] if work.kind(first) == "subscript_expression" and first.named_children else None
        )
    if first is None or len(links) > MAX_CHAIN:
        return ir.Opaque((), work.at(node))
    made = work.expression(first)
    for link in reversed(links):
        kind = work.kind(link)
        if kind == "subscript_expression":
            made = _element(work, made, link)
        elif kind in ("member_access_expression", "nullsafe_member_access_expression"):
            made = _property(work, made, link)
        else:
            made = _method(work, made, link)
    return made


def _element(work: Lowering, owner: ir.Expr, node: Node) -> ir.Expr:
    at = work.at(node)
    keys = work.named(node)[1:]
    return ir.Index(owner, work.expression(keys[0]) if keys else ir.Const(None, at), at)


def _property(work: Lowering, owner: ir.Expr, node: Node) -> ir.Expr:
    """``$a->b``, ``$a->$b``, ``$a->{$b}``."""
    name, at = node.child_by_field_name("name"), work.at(node)
    if name is None:
        return ir.Opaque((owner,), at)
    if work.kind(name) == "name":
        written = f"${work.text(name)}"
        is_kept = isinstance(owner, ir.This) and written == work.scope.hooked
        return ir.Attr(owner, written + BACKING if is_kept else written, work.at(name))
    return ir.Index(owner, computed_name(work, name), at)


def computed_name(work: Lowering, node: Node) -> ir.Expr:
    """The name of a member that is computed."""
    made = work.expression(node)
    return made if isinstance(made, ir.Const) else ir.Call(ir.Name(NAME, made.at), (made,), (), made.at)


BACKING: Final = "<kept>"
"""What stands after a property's name where an object keeps the value that the property's hooks read and write."""


def _method(work: Lowering, owner: ir.Expr, node: Node) -> ir.Expr:
    """``$a->b(…)``. ``$a->b(...)`` is the method itself."""
    name = node.child_by_field_name("name")
    at = work.at(node)
    if name is None:
        return ir.Opaque((owner,), at)
    named_at = work.at(name)
    if work.kind(name) == "name":
        function: ir.Expr = ir.Attr(owner, method_name(work.text(name)), named_at)
    else:
        function = ir.Index(owner, computed_name(work, name), named_at)
    return called(work, function, node, named_at if named_at[0] > at[0] else at)


def method_name(written: str) -> str:
    """A method by the name that the intermediate form gives it.

    >>> method_name("__construct"), method_name("run")
    ('constructor', 'run')
    """
    return _MAGIC.get(written.lower(), written)


_WRITTEN_ITSELF: Final = """
    __toString __get __set __isset __unset __call __callStatic __clone __destruct __debugInfo __serialize __unserialize
    __sleep __wakeup __set_state jsonSerialize serialize unserialize count offsetExists offsetUnset current key next
    rewind valid accept hasChildren getChildren beginChildren endChildren beginIteration endIteration callHasChildren
    callGetChildren nextElement compare getHash
"""
_MAGIC: Final = {
    "__construct": "constructor", "__invoke": "__call__", "offsetget": "__getitem__", "offsetset": "__setitem__",
    "getiterator": "__iter__", **{name.lower(): name for name in _WRITTEN_ITSELF.split()},
}  # fmt: skip
CALLED_BY_ITSELF: Final = frozenset((*_WRITTEN_ITSELF.split(), "__getitem__", "__setitem__", "__iter__"))
"""Methods that PHP or its classes call: https://www.php.net/manual/en/language.oop5.magic.php,
https://www.php.net/manual/en/reserved.interfaces.php, https://www.php.net/manual/en/book.spl.php."""


def called(work: Lowering, function: ir.Expr, node: Node, at: ir.At) -> ir.Expr:
    """A call with the arguments of a node."""
    given = node.child_by_field_name("arguments")
    if given is not None and any(work.kind(child) == "variadic_placeholder" for child in given.named_children):
        return function
    positional, keywords = arguments(work, given)
    written = _BY_REFERENCE.get(function.id.rpartition("\\")[2].lower(), ()) if isinstance(function, ir.Name) else ()
    if written:
        positional = tuple(
            ir.AssignExpr(value, ir.Call(ir.Name(LOOSE, at), (value,), (), at), at)
            if number in written and isinstance(value, ir.Name)
            else value
            for number, value in enumerate(positional)
        )
    return ir.Call(function, positional, keywords, at)


_BY_REFERENCE: Final[dict[str, tuple[int, ...]]] = {
    "preg_match": (2,), "preg_match_all": (2,), "preg_replace": (4,), "preg_replace_callback": (4,),
    "str_replace": (3,), "str_ireplace": (3,), "similar_text": (2,), "exec": (1, 2), "system": (1,), "passthru": (1,),
    "getopt": (2,), "settype": (0,), "parse_str": (1,), "mb_parse_str": (1,), "curl_multi_exec": (1,),
    "curl_multi_info_read": (1,), "fsockopen": (2, 3), "pfsockopen": (2, 3), "stream_socket_client": (1, 2),
    "stream_socket_server": (1, 2), "flock": (2,), "is_callable": (2,), "proc_open": (2,), "openssl_sign": (1,),
    "openssl_seal": (1, 2), "openssl_open": (1,), "openssl_public_encrypt": (1,), "openssl_private_decrypt": (1,),
    "openssl_random_pseudo_bytes": (1,), "openssl_encrypt": (5,), "pcntl_wait": (0,), "pcntl_waitpid": (1,),
    "getimagesize": (1,), "headers_sent": (0, 1), "apcu_fetch": (1,), "apcu_inc": (2,), "apcu_dec": (2,),
    "array_multisort": (0, 1, 2),
}  # fmt: skip
"""Arguments of PHP's own functions to which those write (https://www.php.net/manual/en/funcref.php)."""


def arguments(work: Lowering, node: Node | None) -> Arguments:
    """The positional arguments and the named ones; names have their ``$``, as the parameters have."""
    positional: list[ir.Expr] = []
    keywords: list[tuple[str | None, ir.Expr]] = []
    for child in work.named(node) if node is not None else ():
        if work.kind(child) == "variadic_unpacking":
            positional.append(work.expression(child))
            continue
        name = child.child_by_field_name("name")
        parts = [part for part in work.named(child) if part != name and work.kind(part) != "reference_modifier"]
        if not parts:
            continue
        value = work.expression(parts[-1])
        if name is not None:
            keywords.append((f"${work.text(name)}", value))
        else:
            positional.append(value)
    return tuple(positional), tuple(keywords)


@NODES.expression("function_call_expression")
def function_call(work: Lowering, node: Node) -> ir.Expr:
    """``f(…)``, ``$f(…)``."""
    function = node.child_by_field_name("function")
    at = work.at(node)
    if function is None:
        return work.opaque(node)
    if work.kind(function) not in ("name", "qualified_name", "relative_name"):
        value = work.expression(function)
        if not isinstance(value, ir.Lambda):
            value = ir.Call(ir.Name(CALLABLE, at), (value,), (), at)
        return called(work, value, node, at)
    written = work.text(function)
    plain = written.rpartition("\\")[2].lower()
    special = _SPECIAL.get(plain)
    if special is not None and (plain == written.lower().lstrip("\\")):
        positional, _ = arguments(work, node.child_by_field_name("arguments"))
        made = special(positional, at)
        if made is not None:
            return made
    name = work.qualified_function(written)
    if plain == "extract":  # any variable of the function may be written
        for variable in sorted(work.scope.names - work.scope.loose):
            loosen(work, ir.Name(variable, at), at)
    return called(work, ir.Name(name, work.at(function)), node, at)


def _isset(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr:
    return ir.Opaque(given, at)


def _empty(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    return ir.Op("not", given[:1], at) if given else None


def _is_null(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    return ir.Op("==", (given[0], ir.Const(None, at)), at) if given else None


def _compact(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    names = [one.value for one in given if isinstance(one, ir.Const) and isinstance(one.value, str)]
    if len(names) != len(given):
        return None
    return ir.ObjectExpr(tuple([(ir.Const(name, at), ir.Name(f"${name}", at)) for name in names]), at)


def _constant(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    match given:
        case (ir.Const(value=str() as name),):
            owner, _, member = name.rpartition("::")
            return ir.Attr(ir.Name(owner.lstrip(SEPARATOR), at), member, at) if owner else ir.Name(name, at)
        case _:
            return None


def _defined(given: tuple[ir.Expr, ...], at: ir.At) -> ir.Expr | None:
    match given:
        case (ir.Const(value=str() as name), value, *_):
            return ir.Call(ir.Name(DEFINE, at), (ir.Const(name, at), value), (), at)
        case _:
            return None


_SPECIAL: Final = {
    "isset": _isset, "empty": _empty, "is_null": _is_null, "compact": _compact, "constant": _constant,
    "define": _defined,
}  # fmt: skip
"""Functions that mean something of the language."""


@NODES.expression("scoped_call_expression")
def static_call(work: Lowering, node: Node) -> ir.Expr:
    """``A::b(…)``, ``parent::b(…)``."""
    scope, name = node.child_by_field_name("scope"), node.child_by_field_name("name")
    at = work.at(node)
    if scope is None or name is None:
        return work.opaque(node)
    owner = class_reference(work, scope)
    if work.kind(name) == "name":
        member = method_name(work.text(name))
        if isinstance(owner, ir.Super) and member == "constructor":
            return called(work, owner, node, at)
        function: ir.Expr = ir.Attr(owner, member, work.at(name))
    else:
        function = ir.Index(owner, computed_name(work, name), work.at(name))
    place = work.at(name) if work.at(name)[0] > at[0] else at
    return called(work, function, node, place)


@NODES.expression("scoped_property_access_expression")
def static_property(work: Lowering, node: Node) -> ir.Expr:
    """``A::$b``."""
    scope, name = node.child_by_field_name("scope"), node.child_by_field_name("name")
    if scope is None or name is None:
        return work.opaque(node)
    owner = class_reference(work, scope)
    if work.kind(name) == "variable_name":
        return ir.Attr(owner, work.text(name), work.at(name))
    return ir.Index(owner, computed_name(work, name), work.at(name))


@NODES.expression("class_constant_access_expression")
def class_constant(work: Lowering, node: Node) -> ir.Expr:
    """``A::B``; ``A::class`` is the class's name as a text."""
    children = work.named(node)
    at = work.at(node)
    if len(children) != 2:
        return work.opaque(node)
    owner = class_reference(work, children[0])
    name = work.text(children[1])
    if name == "class":
        if isinstance(owner, ir.Name) and not owner.id.startswith(("$", "<")):
            return ir.Const(owner.id, at)
        if isinstance(owner, ir.This) and work.scope.kind == "class" and not work.scope.trait:
            return ir.Const(work.scope.class_name, at)
        return ir.Opaque((owner,), at)
    return ir.Attr(owner, name, work.at(children[1]))


@NODES.expression("include_expression", "include_once_expression", "require_expression", "require_once_expression")
def included(work: Lowering, node: Node) -> ir.Expr:
    """``require "file.php"`` and its like."""
    inner = work.named(node)
    at = work.at(node)
    value = work.expression(inner[0]) if inner else ir.Opaque((), at)
    word = work.kind(node).removesuffix("_expression")
    return ir.Call(ir.Name(word, at), (value,), (), at)
