"""What resources need each other, and the order in which CloudFormation takes them.

In: the resources that a template deploys (its conditions decided). Out: waves of logical ids, each after those that it
refers to or depends on, as CloudFormation takes independent resources at the same time. References that lead nowhere
and cycles are refused with its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from scopedown.guard.cloudformation.template import Template, TemplateError, section
from scopedown.project.references import functions, names, references


def depends_on(resource: Mapping[str, Any]) -> list[str]:
    """What ``DependsOn`` names."""
    given = resource.get("DependsOn") or []
    return [given] if isinstance(given, str) else [one for one in given if isinstance(one, str)]


def needs(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """By logical id: the others that must be there first."""
    return {
        id: frozenset(resources) & names(one.get("Properties")).union(depends_on(one)) - {id}
        for id, one in resources.items()
    }


def waves(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Logical ids in waves, each needing only those before. Raises TemplateError for a cycle."""
    position = {id: index for index, id in enumerate(graph)}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        names = ", ".join(sorted(set(error.args[1])))
        raise TemplateError(f"Circular dependency between resources: [{names}]") from None
    found = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda id: position.get(id, -1))
        sorter.done(*ready)
        found.append([id for id in ready if id in position])
    return found


def check_references(template: Template) -> None:
    """Raise TemplateError where a name is not declared
    (in what are CloudFormation's words; unverified)."""
    parameters, resources = section(template, "Parameters"), section(template, "Resources")
    for name in ("Resources", "Outputs"):
        missing: list[str] = []
        for one in section(template, name).values():
            trees = [one.get(key) for key in ("Properties", "Value", "Export", "Metadata", "UpdatePolicy")]
            for reference in references(trees):
                id = reference.name
                if id.startswith("AWS::") or id in resources or (not reference.attribute and id in parameters):
                    continue
                if reference.attribute:
                    raise TemplateError(f"Template error: instance of Fn::GetAtt references undefined resource {id}")
                missing.append(id)
            missing += [id for id in depends_on(one) if name == "Resources" and id not in resources]
        if missing:
            raise TemplateError(
                f"Template format error: Unresolved resource dependencies [{', '.join(dict.fromkeys(missing))}] in the "
                f"{name} block of the template"
            )
    conditions = section(template, "Conditions")
    for name in ("Resources", "Outputs"):
        for one in section(template, name).values():
            wanted = one.get("Condition")
            if wanted is not None and (not isinstance(wanted, str) or wanted not in conditions):
                raise TemplateError(
                    f"Template format error: Unresolved condition dependency {wanted} in the {name} block of the "
                    "template"
                )
            for function, argument in functions(one):
                named = argument[0] if function == "Fn::If" and isinstance(argument, list) and argument else None
                if isinstance(named, str) and named not in conditions:
                    raise TemplateError(
                        f"Template error: unresolved condition dependency {named} in the {name} block of the template"
                    )
