"""What a module's files call things, and the policies that get a file of their own.

In: an attempt to write a Terraform project. Out: how statements are written in the files of a folder, and the lines of
:data:`FILE`: a policy for a role that has none that can be changed, and the data sources that statements need.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Att, Part, Ref
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.terraform import INSET, Code, aligned, label_of, policy_document
from scopedown.emit.terraform_names import Names
from scopedown.project.model import Project, Role
from scopedown.scan import ProjectScan
from scopedown.write.before import Before
from scopedown.write.configuration import Configuration, module_of
from scopedown.write.texts import Texts

FILE: Final = "scopedown.tf"
BY_HAND: Final = "write it by hand"


@dataclass
class Attempt:
    """One attempt. ``sources`` are the data sources that are still to be declared, by folder."""

    scan: ProjectScan
    before: Before
    texts: Texts
    files: Configuration
    sources: dict[str, set[str]] = field(default_factory=dict)
    labels: set[tuple[str, str]] = field(default_factory=set)
    """Names that new blocks have, with the folder."""

    @property
    def project(self) -> Project:
        """The project as it was."""
        return self.scan.project


def beside(made: Attempt, role: Role, missing: Sequence[Any]) -> tuple[str, list[str]]:
    """A folder, and the lines of a policy in its :data:`FILE` that gives statements to a role. Raises SpliceError."""
    refused: SpliceError | None = None
    for folder, holder in _holders(made, role):
        names = names_of(made, folder, posixpath.join(folder, FILE))
        try:
            document = {"Statement": [names.tree(one) for one in missing]}
        except SpliceError as error:
            refused = refused or error
            continue
        label = f"{label_of(_short(role.id))}_scopedown"
        while made.files.is_taken(folder, label) or (folder, label) in made.labels:
            label += "_"
        made.labels.add((folder, label))
        return folder, [*_policy(label, holder, document)]
    why = made.files.why_not_ours(posixpath.dirname(role.place.file)) if role.place else ""
    what = f"{why} and has" if why else "has"
    raise refused or SpliceError(f"{role.id} is in a module that {what} no output of its name", role.place, BY_HAND)


def put_beside(made: Attempt, policies: Iterable[tuple[str, list[str]]]) -> None:
    """Put policies at the end of the :data:`FILE` of each folder, and before them the data sources that the attempt
    still has to declare."""
    blocks: dict[str, list[list[str]]] = {}
    for folder, types in sorted(made.sources.items()):
        blocks[folder] = [[f'data "{type}" "current" {{}}', ""] for type in sorted(types)]
    for folder, lines in policies:
        blocks.setdefault(folder, []).append([*lines, ""])
    for folder, of_folder in blocks.items():
        lines = [line for block in of_folder for line in block][:-1]
        made.texts.extend(posixpath.join(folder, FILE), "".join(f"{line}\n" for line in lines))


def _short(id: str) -> str:
    """A role's address as a name: ``module.api.aws_iam_role.this[0]`` is ``api.this``."""
    return re.sub(r"\bmodule\.|\baws_iam_role\.|\[0\]", "", id)


def _policy(label: str, role: str, document: Mapping[str, Any]) -> Iterator[str]:
    lines = [
        'name = "scopedown"', f"role = {role}", f"policy = data.aws_iam_policy_document.{label}.json",
    ]  # fmt: skip
    yield from aligned([f'resource "aws_iam_role_policy" "{label}" {{', *(f"{INSET}{one}" for one in lines), "}"])
    yield from [*aligned(policy_document(label, document))][:-1]


def _holders(made: Attempt, role: Role) -> Iterator[tuple[str, str]]:
    """The folders whose file can name a role, and how it does. Raises SpliceError where none may give it a policy."""
    if role.properties.get("Policies") is not None:
        raise SpliceError(
            f"{role.id} has inline_policy blocks, which take every other inline policy away", role.place,
            "move them to resources of aws_iam_role_policy",
        )  # fmt: skip
    module = module_of(role.id)
    own = role.id[len(module) :]
    if made.files.counted(role.id):
        raise SpliceError(f"scopedown cannot tell how many {role.id} there are", role.place, BY_HAND)
    folder = posixpath.dirname(role.place.file) if role.place else made.files.folder
    if made.files.module(folder) == module and not made.files.why_not_ours(folder):
        yield folder, f"{own}.name"
    if module and (output := made.files.output(module, f"{own}.name", f"{own}.id")) is not None:
        yield made.files.folder, output


def names_of(made: Attempt, folder: str, file: str) -> Names:
    """How the files of a folder write what statements name."""
    module = made.files.module(folder) or ""

    def source(type: str) -> str:
        found = made.files.source(folder, type)
        if found is None:
            made.sources.setdefault(folder, set()).add(type)
        return found or "current"

    def of_root(part: Ref | Att) -> str | None:
        inner = module_of(part.id)
        written = Names(made.project, lambda _: "", module=inner).expression(part)
        return written if not written or not inner else made.files.output(inner, written)

    def other(part: Part) -> str | Code:
        found = of_root(part) if isinstance(part, Ref | Att) else None
        if found and module:
            found = made.files.input(module, found)
        if found:
            return Code(found)
        name = part.id if isinstance(part, Ref | Att) else str(part)
        raise SpliceError(f"{file} has no name for {name}", Place(made.project.config), BY_HAND)

    return Names(made.project, other, source, module)
