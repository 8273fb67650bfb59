"""One condition (operator, key, values) as a test of the request's context.

Rules 36 to 49. What every operator shares is here: negation over all values (NOR), a missing key, ``IfExists``,
``ForAllValues`` and ``ForAnyValue``, ``Null``.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scopedown.iam.document import Condition, Scalar, value_text
from scopedown.iam.folding import fold
from scopedown.iam.operators import OPERATORS, Operator, Test
from scopedown.iam.variables import Context, ContextValue, Template, Variable, is_static, resolve, template
from scopedown.iam.wildcard import glob, join

ContextTest = Callable[[Context], bool]


class Qualified(NamedTuple):
    """An operator with its qualifiers; ``quantifier`` is ``ForAllValues``, ``ForAnyValue`` or empty."""

    operator: Operator
    quantifier: str
    if_exists: bool


_QUANTIFIERS = ("ForAllValues", "ForAnyValue")


def qualified(name: str) -> Qualified | None:
    """The operator that a policy writes, or None where there is none of that name.

    >>> qualified("ForAllValues:StringLikeIfExists").operator.name
    'StringLike'
    """
    quantifier, colon, base = name.rpartition(":")
    if colon and quantifier not in _QUANTIFIERS:
        return None
    bare = base.removesuffix("IfExists")
    operator = OPERATORS.get(bare)
    if operator is None or (bare != base and bare == "Null"):
        return None
    return Qualified(operator, quantifier, bare != base)


def check_operator(name: str) -> str:
    """What is wrong with an operator's name, or nothing."""
    if qualified(name):
        return ""
    if name.endswith("NullIfExists"):
        return "the operator Null does not support IfExists"
    return f"unknown condition operator {name!r}"


def check_values(operator: str, values: Sequence[Scalar]) -> str:
    """What is wrong with an operator's values, or nothing (rule 48)."""
    found = qualified(operator)
    texts = {value_text(value).lower() for value in values}
    if found and found.operator.name == "Bool" and texts >= {"true", "false"}:
        return "Bool with both true and false has no effect"
    if found and found.operator.name == "Null" and not texts <= {"true", "false"}:
        return "the value of Null must be true or false"
    return ""


def is_null(value: ContextValue | None) -> bool:
    """Rule 49 (contested): a key that is missing, has no value, or only empty texts, is null to ``Null``.

    AWS's page on the Condition element says that an empty string makes a key's value null, and its page on operators
    that ``Null: false`` asks for a key that exists with a value that is not null.
    """
    return not value or (isinstance(value, tuple) and is_empty_set(value))


def is_empty_set(values: Sequence[str | bytes]) -> bool:
    """Rule 49 (contested): to the set operators, no value and only empty texts are the same "null data set".

    AWS's page on multivalued keys says so with the empty string as its example.
    """
    return not any(values)


def compile_condition(condition: Condition, *, variables: bool) -> ContextTest:
    """The test of one condition; ``variables`` where the policy's version has them."""
    found = qualified(condition.operator)
    if found is None:
        raise ValueError(f"unknown condition operator {condition.operator!r}")
    key = fold(condition.key)
    if found.operator.name == "Null":
        wanted = {text.lower() == "true" for text in condition.texts}
        return lambda context: is_null(context.get(key)) in wanted
    holds = _value_test(found.operator, condition, variables)
    missing = on_missing(found)
    if not found.quantifier:
        if (fixed := _fixed(found.operator, condition, variables)) is not None:
            return _equals_fixed(key, fixed, found.operator.negated, missing)
        return _plain(key, holds, missing)
    return _over_set(key, holds, missing, every=found.quantifier == "ForAllValues")


def on_missing(found: Qualified) -> bool:
    """What a missing key gives (rules 37 and 46)."""
    if found.if_exists:
        return True
    if found.quantifier:
        return found.quantifier == "ForAllValues"
    return found.operator.negated


def _plain(key: str, holds: Callable[[str | bytes, Context], bool], missing: bool) -> ContextTest:
    """Without a set operator.

    Rule 47 (contested): a multivalued key needs a set operator. AWS's page says that one is required and not what
    happens without; iam-simulate's authors report that AWS told them it never matches. Read so, under both signs.
    """

    def test(context: Context) -> bool:
        value = context.get(key)
        if value is None or value == ():
            return missing
        return not isinstance(value, tuple) and holds(value, context)

    return test


def _fixed(operator: Operator, condition: Condition, variables: bool) -> frozenset[str] | None:
    """The values, where the operator only compares text and no variable stands in them."""
    if operator.name not in ("StringEquals", "StringNotEquals"):
        return None
    texts = condition.texts
    return None if variables and any("${" in text for text in texts) else frozenset(texts)


def _equals_fixed(key: str, fixed: frozenset[str], negated: bool, missing: bool) -> ContextTest:
    """:func:`_plain` for the most common condition of all, without its detours."""

    def test(context: Context) -> bool:
        value = context.get(key)
        if isinstance(value, str):
            return (value in fixed) is not negated
        return missing and (value is None or value == ())

    return test


def _over_set(key: str, holds: Callable[[str | bytes, Context], bool], missing: bool, *, every: bool) -> ContextTest:
    def test(context: Context) -> bool:
        value = context.get(key)
        if value is None or value == ():
            return missing
        values = value if isinstance(value, tuple) else (value,)
        if is_empty_set(values):
            return every
        return all(holds(one, context) for one in values) if every else any(holds(one, context) for one in values)

    return test


def _value_test(operator: Operator, condition: Condition, variables: bool) -> Callable[[str | bytes, Context], bool]:
    """Whether one value of the request satisfies the operator: one policy value matches, or for a negated one, none."""
    static: list[Test] = []
    open_values: list[Template] = []
    for text in condition.texts:
        if operator.templated:
            parts = _template(text, operator, variables)
            if not is_static(parts):
                open_values.append(parts)
                continue
            test = operator.test(parts)
        else:
            test = operator.test(text)
        if test is not None:
            static.append(test)
    read, negated = operator.read, operator.negated

    def holds(value: str | bytes, context: Context) -> bool:
        given = read(value)
        if given is None:
            return False
        found = any(test(given) for test in static) or any(
            _open_test(operator, parts, context, given) for parts in open_values
        )
        return found is not negated

    return holds


def _template(text: str, operator: Operator, variables: bool) -> Template:
    if variables:
        return template(text, wildcards=operator.wildcards)
    return glob(text) if operator.wildcards else join((text,))


def _open_test(operator: Operator, parts: Template, context: Context, given: object) -> bool:
    """Rule 35: a variable without a value matches nothing."""
    pattern = resolve(parts, context)
    test = operator.test(pattern) if pattern is not None else None
    return test is not None and test(given)


def keys_read(condition: Condition, *, variables: bool) -> frozenset[str]:
    """The condition keys, in lower case, that deciding a condition may ask for: its own and its variables'."""
    found = qualified(condition.operator)
    keys = {fold(condition.key)}
    if found and variables and found.operator.templated:
        for text in condition.texts:
            keys.update(part.key for part in template(text, wildcards=False) if isinstance(part, Variable))
    return frozenset(keys)
