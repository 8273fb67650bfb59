"""Which declared resources depend on the project's functions.

A role's policy that refers to such a resource would close a circle, and CloudFormation would refuse the stack: the
resource needs the function, the function its role, the role the resource. Where only a name led to the resource, the
name is kept (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependency-error).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from scopedown.core.text import Att, Ref, Text
from scopedown.project.model import DeclaredResource, Tree

_IN_SUB = re.compile(r"\$\{(\w+)(?:\.[^}]*)?\}")


def depending_on(functions: Iterable[str], resources: Mapping[str, DeclaredResource]) -> frozenset[str]:
    """The logical ids of resources that wait for one of ``functions``, themselves or through others."""
    referred = {id: frozenset((*references(one.properties), *_awaited(one))) for id, one in resources.items()}
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


def references(tree: Tree, depth: int = 0) -> Iterator[str]:
    """The logical ids that a value refers to."""
    if depth > 60:
        return
    if isinstance(tree, Text):
        yield from (part.id for part in tree.parts if isinstance(part, Ref | Att))
    elif isinstance(tree, str):
        yield from _IN_SUB.findall(tree)
    elif isinstance(tree, Mapping):
        for key, item in tree.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                first = item[0] if isinstance(item, list) and item else item
                if isinstance(first, str):
                    yield first.partition(".")[0]
            else:
                yield from references(item, depth + 1)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from references(item, depth + 1)
