"""Which declared resources depend on the project's functions.

A role's policy that refers to such a resource would close a circle, and CloudFormation would refuse the stack: the
resource needs the function, the function its role, the role the resource. Where only a name led to the resource, the
name is kept (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependency-error).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scopedown.project.model import DeclaredResource
from scopedown.project.references import names


def depending_on(functions: Iterable[str], resources: Mapping[str, DeclaredResource]) -> frozenset[str]:
    """The logical ids of resources that wait for one of ``functions``, themselves or through others."""
    referred = {id: names(one.properties).union(_awaited(one)) for id, one in resources.items()}
    found = set(functions)
    grown = True
    while grown:
        new = {id for id, others in referred.items() if id not in found and others & found}
        grown = bool(new)
        found |= new
    return frozenset(found & set(resources))


def _awaited(resource: DeclaredResource) -> Iterator[str]:
    """What ``DependsOn`` names."""
    written = resource.attributes.get("DependsOn")
    for id in written if isinstance(written, list | tuple) else (written,):
        if isinstance(id, str):
            yield id
