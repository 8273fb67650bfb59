"""What the deployment is given: parameters without a default, what other stacks export, and the stack's name.

Such a text may turn out to be any other: a need on a parameter is perhaps a part of what a statement names, and a need
on a name perhaps a part of a statement on a parameter. A parameter that stands in both is the same in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scopedown.compare.grant_prefilter import given, relevant, resources_of
from scopedown.core.text import ANY, Part, Text
from scopedown.iam.coverage import Grant
from scopedown.iam.decided import decided


def best_answer(action: str, forms: Sequence[Text], grants: Sequence[Grant]) -> str:
    """How far grants cover an action on a resource, by the best of the resource's forms."""
    near = ((form, [*relevant(action, form, grants)]) for form in forms)
    found = {decided(action, form, some) or "partly" for form, some in near if some}
    return next((name for name in ("yes", "partly") if name in found), "no")


def may_be(action: str, forms: Sequence[Text], grant: Grant) -> bool:
    """Whether an Allow may cover a need because of what the deployment is given."""
    if grant.effect != "Allow":
        return False
    inputs = resources_of(grant).given
    return any(
        _may_be(action, form, resource, grant)
        for form in forms
        for resource in (grant.resources if given(form) else inputs)
    )


def _may_be(action: str, form: Text, resource: str | Text, grant: Grant) -> bool:
    inputs = given(form) ^ given(resource)
    if not inputs:
        return False
    named = _opened(resource, inputs) if isinstance(resource, Text) else resource
    return best_answer(action, (_opened(form, inputs),), [replace(grant, resources=(named,))]) != "no"


_ANY_ARN = Text.of("arn:", ANY, ":", ANY, ":", ANY, ":", ANY, ":", ANY)


def _opened(text: Text, inputs: frozenset[Part]) -> Text:
    """A text with anything in the place of what is given; of what an ARN goes on from, any ARN."""
    if len(text.parts) > 1 and text.parts[0] in inputs:
        text = Text.of(_ANY_ARN, *text.parts[1:])
    return text.replace(lambda part: ANY if part in inputs else part)
