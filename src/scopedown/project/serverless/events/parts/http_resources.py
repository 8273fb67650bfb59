"""Adding the resources of an API to the template, where the same one may be compiled more than once.

Two events may share an authorizer, or stand at one method. osls 4.3.1 lets the later resource take the earlier one's
place; serverless 3.40.0 merges the later one into the earlier (``_.merge`` in each file of
``lib/plugins/aws/package/compile/events/api-gateway/lib``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.core.place import Place
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.template import Template


def add_resource(
    template: Template,
    id: str,
    type: str,
    properties: Mapping[str, Any],
    place: Place,
    merges: bool | None = None,
    **attributes: Any,
) -> None:
    """Add a resource as :meth:`Template.add` does, merged into the one of that id where the framework does that.

    ``merges`` tells whether that is so, where not the framework decides.
    """
    before = template.resources.get(id)
    if merges is None:
        merges = goes_on_from_v3(template.service)
    if before is not None and merges:
        properties = _merged(before.properties, {key: value for key, value in properties.items() if value is not None})
    template.add(id, type, properties, place, **attributes)


def _merged(before: Any, after: Any) -> Any:
    """Mappings merged by key, lists by position; everything else is what came after."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return {**before, **{key: _merged(before.get(key), value) for key, value in after.items()}}
    if isinstance(before, list) and isinstance(after, list):
        shared = [_merged(one, other) for one, other in zip(before, after, strict=False)]
        return [*shared, *before[len(shared) :], *after[len(shared) :]]
    return after
