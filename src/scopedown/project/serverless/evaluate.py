"""The value of one string with variables: each variable's first source that has a value, with the text around it.

In: a string's variables (:mod:`~.variables`), the property that it stands in, and the :class:`~.resolving.Resolving`,
which knows the other properties. Out: an :class:`Outcome`. What a variable gives is read for variables in its turn.
(osls 4.3.1, ``lib/configuration/variables/resolve.js``: ``resolveVariables``, ``resolveVariable``,
``resolveInternalResult``.)
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.core.text import Text, Unknown
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.every_deployment import is_given, of_all
from scopedown.project.serverless.legacy import LEGACY_DEFAULTS
from scopedown.project.serverless.resolving import Answer, Outcome, Path, Problem, Request, Resolving
from scopedown.project.serverless.sources import OF_AWS, SOURCES, is_late
from scopedown.project.serverless.variables import Fragment, Source, Variable, VariableSyntaxError

MAX_NEST: Final = 10
"""How often a value may again hold variables (the framework's own limit)."""
MAX_NESTED: Final = 80
"""How many texts may be read inside of one another: an address may resolve to text that holds its own variable."""
MAX_TEXT: Final = 1_000_000
MAX_PARTS: Final = 1000
"""How many known and unknown parts a text may have (a hundred characters count as one)."""


class TooMuchError(Exception):
    """Variables that multiply the configuration beyond any use."""


def evaluate(resolver: Resolving, text: str, variables: tuple[Variable, ...], path: Path, depth: int) -> Outcome:
    """A string's value: of any type where one variable is the whole string, else text."""
    if resolver.nested >= MAX_NESTED:
        deep = resolver.too_deep(path)
        return Outcome(Text.unknown(deep.reason, deep.place), deep)
    resolver.nested += 1
    try:
        outcome = _value(resolver, text, variables, path, depth)
        return outcome._replace(depth=max(depth, outcome.depth))
    finally:
        resolver.nested -= 1


def _value(resolver: Resolving, text: str, variables: tuple[Variable, ...], path: Path, depth: int) -> Outcome:
    if variables[0].whole:
        if not variables[0].sources:
            return Outcome(variables[0].literal)
        whole = _variable(resolver, variables[0], path, text)
        if whole.problem is None and isinstance(whole.value, str):
            return again(resolver, whole.value, path, depth)
        return whole
    parts: list[str | Text] = []
    problem: Problem | None = None
    last = 0
    for variable in variables:
        parts.append(text[last : variable.start])
        last = variable.end
        if not variable.sources:
            parts.append(variable.literal or "")
            continue
        value, trouble, _ = _variable(resolver, variable, path, text[variable.start : variable.end])
        if trouble is None and (value is None or isinstance(value, dict)):
            trouble = resolver.problem(
                "variable-not-text", path,
                f"the variable {text[variable.start : variable.end]} inside a text is "
                f"{'null' if value is None else 'a mapping'}, not text",
                "use the variable alone, or refer to one of its values",
            )  # fmt: skip
        problem = problem or trouble
        if isinstance(value, Text):
            parts.append(value)
        elif trouble is not None:
            parts.append(Text.unknown(trouble.reason, trouble.place))
        else:
            parts.append(js_text(value))
    parts.append(text[last:])
    # Each part is read for variables by itself: what joining makes look like one is none.
    if all(isinstance(part, str) for part in parts):
        strings = [part for part in parts if isinstance(part, str)]
        if sum(map(len, strings)) > MAX_TEXT:
            raise TooMuchError
        try:
            return _once_more(resolver, strings, problem, path, depth)
        except VariableSyntaxError as error:
            syntax = resolver.syntax(error, path)
            return Outcome(Text.unknown(syntax.reason, syntax.place), problem or syntax)
    for index, part in enumerate(parts):
        if isinstance(part, str) and "${" in part:
            value, trouble, _ = again(resolver, part, path, depth, inside=True)
            problem = problem or trouble
            parts[index] = value if isinstance(value, Text) else js_text(value)
    if sum(len(part.parts) if isinstance(part, Text) else len(part) // 100 for part in parts) > MAX_PARTS:
        raise TooMuchError
    return Outcome(Text.of(*parts), problem)


def _once_more(resolver: Resolving, parts: list[str], problem: Problem | None, path: Path, depth: int) -> Outcome:
    """Text whose parts may hold variables in their turn: all of these are replaced at once, and so on."""
    joined = "".join(parts)
    found: list[Variable] = []
    base = 0
    for part in parts:
        inside = resolver.parse(part) if "${" in part else None
        found += [Variable(base + it.start, base + it.end, it.sources, it.literal) for it in inside or ()]
        base += len(part)
    if not found:
        return Outcome(joined, problem)
    if depth >= MAX_NEST:
        problem = problem or resolver.too_deep(path)
        return Outcome(Text.unknown(problem.reason, problem.place), problem)
    value, trouble, reached = evaluate(resolver, joined, tuple(found), path, depth + 1)
    return Outcome(value, problem or trouble, reached)


def again(resolver: Resolving, text: str, path: Path, depth: int, inside: bool = False) -> Outcome:
    """A resolved string, read for variables once more."""
    try:
        variables = resolver.parse(text)
    except VariableSyntaxError as error:
        problem = resolver.syntax(error, path)
        return Outcome(Text.unknown(problem.reason, problem.place), problem)
    if variables is None:
        return Outcome(text)
    if depth >= MAX_NEST:
        problem = resolver.too_deep(path)
        return Outcome(Text.unknown(problem.reason, problem.place), problem)
    if inside and variables[0].whole:
        first = variables[0]
        variables = (Variable(first.start, first.end, first.sources, first.literal),)
    return evaluate(resolver, text, variables, path, depth + 1)


def _variable(resolver: Resolving, variable: Variable, path: Path, written: str) -> Outcome:
    """A variable's value: that of the first source which has one."""
    answer = Answer()
    varies = False
    for source in variable.sources:
        if source.type is None:
            return Outcome(of_all(resolver, source.literal, written) if varies else source.literal)
        varies = varies or is_given(resolver, source)
        answer = _source(resolver, source.type, source.params, source.address, path)
        if answer.problem is not None:
            unknown = Text.unknown(answer.problem.reason, answer.problem.place)
            value = answer.value if isinstance(answer.value, Text | dict | list) else unknown
            return Outcome(value, answer.problem)
        if answer.code:
            break
        varies = varies or answer.varies
        if answer.value is not None:
            return Outcome(of_all(resolver, answer.value, written) if varies else answer.value)
    for source in variable.sources:
        address = source.address.value if source.address else None
        if not answer.code and source.type == "self" and address in LEGACY_DEFAULTS:
            default = LEGACY_DEFAULTS[address]
            resolver.legacy.append(resolver.problem(
                "legacy-default", path,
                f"{address} is not set, so scopedown uses {default!r}, the default of framework v1 and v2",
                f"set {address}",
            ))  # fmt: skip
            return Outcome(default)
    stage = resolver.assumed_stage
    if stage is not None and not answer.code and any(_asks_stage(source) for source in variable.sources):
        resolver.legacy.append(resolver.problem(
            "stage-assumed", path, f"--stage is not given, so scopedown uses the project's stage {stage!r}",
            "pass --stage, or give the variable a fallback",
        ))  # fmt: skip
        return Outcome(stage)
    problem = resolver.problem(answer.code or "variable-not-found", path, answer.reason, answer.remedy, answer.place)
    return Outcome(Text.unknown(problem.reason, problem.place), problem)


def _asks_stage(source: Source) -> bool:
    return source.type == "opt" and source.address is not None and source.address.value == "stage"


def _source(
    resolver: Resolving, kind: str, params: tuple[Fragment, ...] | None, address: Fragment | None, path: Path
) -> Answer:
    values: list[Any] = []
    for fragment in (*(params or ()), *([address] if address else ())):
        if not fragment.variables:
            values.append(fragment.value)
            continue
        value, problem, _ = evaluate(resolver, fragment.value, fragment.variables, path, 0)
        if problem is None and isinstance(value, dict | list):
            problem = _settle(resolver, value, path, 1)
        if problem is not None:
            return Answer(problem=problem)
        if isinstance(value, Text):
            return Answer(unknown_of(value))
        values.append(value)
    where = values.pop() if address else None
    request = Request(kind, None if params is None else tuple(values), where, path)
    answer = _asked(resolver, request)
    if is_late(request, answer):
        resolver.late.add(path)
    return answer


def _asked(resolver: Resolving, request: Request) -> Answer:
    """What a request's source answers, in whichever version of the framework."""
    if request.kind in OF_AWS and request.address is not None:
        resolver.asked[str(request)] = None
    source = None
    if resolver.is_v4:
        from scopedown.project.serverless import v4_sources

        source = v4_sources.aws if v4_sources.asks_account(request) else v4_sources.source_of(resolver, request.kind)
    return (source or SOURCES.get(request.kind, SOURCES[""]))(resolver, request)


def text_of(resolver: Resolving, text: str, asker: Path) -> Outcome:
    """A string that a source came across, with all its variables resolved (those of a mapping it becomes, too)."""
    value, problem, _ = again(resolver, text, asker, 0)
    if problem is None and isinstance(value, dict | list):
        problem = _settle(resolver, value, asker, 0)
    return Outcome(value, problem)


def _settle(resolver: Resolving, node: Any, path: Path, depth: int) -> Problem | None:
    """Resolve every variable inside a value that belongs to no property yet; the first problem ends it."""
    if depth > MAX_NEST:
        return resolver.too_deep(path)
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        problem = None
        if isinstance(value, str) and "${" in value:
            node[key], problem, _ = again(resolver, value, path, depth)
            if problem is None and isinstance(node[key], dict | list):
                problem = _settle(resolver, node[key], path, depth + 1)
        elif isinstance(value, dict | list):
            problem = _settle(resolver, value, path, depth)
        if problem is not None:
            return problem
    return None


def unknown_of(text: Text) -> Text:
    """The unknown that makes a text unusable as an address or a container."""
    for part in text.parts:
        if isinstance(part, Unknown):
            return Text((part,))
    return Text.unknown(f"it depends on {text}, which is known only at deployment")
