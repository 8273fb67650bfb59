"""The policies of Terraform's files for the repairs of ``check --fix``, found and written as ``write`` does it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scopedown.core.place import Place
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.repair.policies import others
from scopedown.repair.repairs import Repair
from scopedown.scan import ProjectScan
from scopedown.write.before import Before
from scopedown.write.configuration import Configuration
from scopedown.write.model import Statement
from scopedown.write.statements import statements_needed
from scopedown.write.subjects import by_role
from scopedown.write.terraform import untouched, with_streams
from scopedown.write.terraform_file import Attempt, beside, names_of, put_beside
from scopedown.write.texts import Spot, Texts, list_of


@dataclass
class TerraformPolicies:
    """Policies in HCL. What a role without a policy that can be changed gets comes into ``scopedown.tf``."""

    scan: ProjectScan
    texts: Texts
    _made: Attempt = field(init=False)
    _policies: list[tuple[str, list[str]]] = field(default_factory=list)
    """Lines for new policies, by the folder of their file."""

    def __post_init__(self) -> None:
        files = Configuration(self.scan.project, self.texts)
        self._made = Attempt(self.scan, Before(self.scan), self.texts, files)

    def require(self, one: Repair) -> None:
        """Raise SpliceError where ``write`` leaves the role alone too."""
        assuming = by_role(self.scan.project.functions, one.functions)[one.role]
        if why := untouched(self._made, one.role, self.scan.project.roles.get(one.role), assuming):
            raise SpliceError(why.message, why.place, why.remedy)

    def statement_at(self, place: Place, role: str) -> Spot:
        """See :class:`~.policies.Policies`."""
        return self._made.files.spot(place, role)

    def added(self, one: Repair, gone: Sequence[Spot], narrowed: Sequence[Spot]) -> tuple[Spot | None, tuple[Any, ...]]:
        """See :class:`~.policies.Policies`."""
        role = self.scan.project.roles[one.role]
        wanted = [*statements_needed(with_streams(one.allow, role), None, Scope.of(self.scan.project))]
        if not wanted:
            return None, ()
        for file, path in dict.fromkeys((file, list_of(path)) for file, path in (*gone, *narrowed, *others(one, self))):
            sources = {folder: {*types} for folder, types in self._made.sources.items()}
            try:
                return (file, path), self._written(file, path, wanted, is_replaced=(file, path) in gone)
            except SpliceError:
                self._made.sources = sources
        self._policies.append(beside(self._made, role, wanted))
        return None, ()

    def _written(self, file: str, path: Any, wanted: Sequence[Statement], is_replaced: bool) -> tuple[Any, ...]:
        """Statements as the files of a folder write them. Raises SpliceError where the list cannot get them."""
        items = tuple(names_of(self._made, posixpath.dirname(file), file).tree(each) for each in wanted)
        text = self.texts.of(file)
        text.edit_setting(path, [*items]) if is_replaced else text.edit_appending(path, items)
        return items

    def without(self, lists: Iterable[Spot]) -> Iterator[Spot]:
        """See :class:`~.policies.Policies`: the blocks of the policy and its attachments."""
        for file, path in lists:
            yield from self._made.files.owners(file, path)

    def finish(self) -> None:
        """Put new policies, and the data sources that statements name, into their files."""
        put_beside(self._made, self._policies)
