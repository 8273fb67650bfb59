"""Which code runs only where an environment variable is set that the project leaves unset, or has another value.

In: the values of tests. Out: ``position.switches``, the variables that switch on the code that is being run; a call
that is recorded under one is no call that the deployed function certainly makes. Both sides of such a test are
analysed all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.model import DECLARED
from scopedown.calls.values import Compared, Const, Sequence, TextValue, Value, options
from scopedown.core.text import EnvVar
from scopedown.source import ir

Outcome = tuple[bool, tuple[str, ...]]
"""How a test comes out with what the project sets, and the variables that decide it."""

_BY_LAMBDA: Final = ("AWS_", "LAMBDA_", "_", "PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "NODE_PATH", "PYTHONPATH", "GEM_")
"""How the variables begin that the runtime sets
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""
_FOLDING: Final = frozenset({"lower", "casefold", "strip", "toLowerCase", "toLocaleLowerCase", "trim", "downcase"})
"""Methods that give a text in lower case, or without spaces around it."""


def outcome(run: Machine, node: ir.Expr, value: Value) -> Outcome | None:
    """How a test comes out that was just evaluated to ``value``; None where the variables do not decide it."""
    if isinstance(node, ir.Op) and node.operator in ("and", "or", "not"):
        return run.position.outcomes.get(id(node))
    return _of_value(run, value)


def compared(operator: str, operands: tuple[Value, ...], folded: bool) -> Compared | None:
    """What a comparison of an environment variable with known values gives; None where it is another one. ``folded``:
    the variable is taken in lower case."""
    if len(operands) != 2:
        return None
    left, right = operands
    variable = _variable(left)
    literals: tuple[str | int | float | bool | None, ...] | None
    operator = operator.removeprefix("loosely ")
    if operator in ("is", "is not") and any(isinstance(one, Const) and one.value is None for one in operands):
        operator = "==" if operator == "is" else "!="
    if operator in ("==", "!="):
        if variable is None:
            variable, right = _variable(right), left
        literals = (right.value,) if isinstance(right, Const) else None
    elif operator in ("in", "not in") and isinstance(right, Sequence) and right.rest is None:
        literals = tuple(item.value for item in right.items if isinstance(item, Const))
        literals = literals if len(literals) == len(right.items) else None
    else:
        return None
    if variable is None or literals is None:
        return None
    return Compared("a computed value", None, False, variable, literals, operator in ("!=", "not in"), folded)


def unfolded(node: ir.Expr) -> ir.Expr | None:
    """``x`` of ``x.lower()``, where evaluating it again has no effect; None of other nodes."""
    if isinstance(node, ir.Call) and isinstance(node.function, ir.Attr) and node.function.name in _FOLDING:
        inner = node.function.object
        return unfolded(inner) or (inner if _is_quiet(inner) else None)
    return None


def _is_quiet(node: ir.Expr) -> bool:
    """Whether a node names a value: a variable, a member, a look-up by constants, a fallback among such."""
    match node:
        case ir.Name() | ir.Const():
            return True
        case ir.Attr(object=inner):
            return _is_quiet(inner)
        case ir.Index(object=inner, index=ir.Const()):
            return _is_quiet(inner)
        case ir.Op(operator="or" | "??", operands=operands):
            return all(map(_is_quiet, operands))
        case ir.Call(function=ir.Attr(object=inner), positional=given, keywords=()):
            return _is_quiet(inner) and all(isinstance(one, ir.Const) for one in given)
        case _:
            return False


def note(run: Machine, node: ir.Op, parts: tuple[Outcome | None, ...]) -> None:
    """Note how ``and``, ``or`` and ``not`` come out, by how their operands do."""
    found: Outcome | None = None
    if node.operator == "not":
        found = (not parts[0][0], parts[0][1]) if parts[0] is not None else None
    else:
        stop = node.operator == "or"
        found = next((part for part in parts if part is not None and part[0] is stop), None)
        known = [part for part in parts if part is not None]
        if found is None and len(known) == len(parts):
            found = not stop, tuple(dict.fromkeys(name for part in known for name in part[1]))
    if found is None:
        run.position.outcomes.pop(id(node), None)
    else:
        run.position.outcomes[id(node)] = found


@contextmanager
def side(run: Machine, found: Outcome | None, taken: bool) -> Iterator[None]:
    """What is done in it runs only where a test comes out as ``taken``."""
    before = run.position.switches
    if found is not None and found[0] is not taken and not before:
        run.position.switches = found[1]
    try:
        yield
    finally:
        run.position.switches = before


def _of_value(run: Machine, value: Value) -> Outcome | None:
    """How the truth of a value comes out."""
    found: set[bool] = set()
    names: dict[str, None] = {}
    for option in options(value):
        match option:
            case Const():
                found.add(run.position.language.is_true(option))
                continue
            case Compared(variable=EnvVar() as variable, literals=literals, negated=negated, folded=folded):
                held = _texts(run, variable)
                texts = (text.strip().lower() if folded and text is not None else text for text in held)
                found |= {(text in literals) is not negated for text in texts}
            case TextValue() if (named := _variable(option)) is not None:
                variable, held = named, _texts(run, named)
                found |= {run.position.language.is_true(Const(text)) for text in held}
            case _:
                return None
        if not held:
            return None
        names[variable.name] = None
    return (found.pop(), tuple(names)) if len(found) == 1 and names else None


def _variable(value: Value) -> EnvVar | None:
    if isinstance(value, TextValue) and len(value.text.parts) == 1 and isinstance(part := value.text.parts[0], EnvVar):
        return part
    return None


def _texts(run: Machine, variable: EnvVar) -> tuple[str | None, ...]:
    """What a variable may be by what the project says; nothing where that is not known."""
    default = None if variable.default is None else variable.default.literal
    if (variable.default is not None and default is None) or variable.name.startswith(_BY_LAMBDA):
        return ()
    if (known := run.environment.get(variable.name)) is not None:
        return (known,) if known else (known, default)
    declared = run.environment.get(DECLARED, "").split()
    return () if any(one.partition("=")[0] == variable.name for one in declared) else (default,)
