"""Where the statements of repairs are in a project's files: of YAML and JSON here, of HCL in :mod:`.splice`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.project.model import Project
from scopedown.repair.repairs import Repair
from scopedown.write.layout import dialect_of, place_of_list
from scopedown.write.policies import spot_of
from scopedown.write.statements import as_it_is, needed
from scopedown.write.texts import Spot, Steps, Texts, list_of, located

BY_HAND: Final = "fix it by hand"


class Policies(Protocol):
    """The policies in the files of one project. All places are those of the text before a change."""

    @property
    def texts(self) -> Texts:
        """The files."""

    def require(self, one: Repair) -> None:
        """Raise SpliceError where nothing of a role can be changed."""

    def statement_at(self, place: Place, role: str) -> Spot:
        """The statement that is at a place: an item of a list, or the only one of ``Statement``. Raises SpliceError
        where it cannot be changed or taken out."""

    def added(self, one: Repair, gone: Sequence[Spot], narrowed: Sequence[Spot]) -> tuple[Spot | None, tuple[Any, ...]]:
        """The statements that a repair adds, as they are written, and the list that gets them (None: a new file gets
        them). Of a statement that is the only value of its key and goes, that is its place. Raises ScopedownError."""

    def without(self, lists: Iterable[Spot]) -> Iterator[Spot]:
        """What goes with the last statements of these lists. Raises SpliceError where it cannot go."""

    def finish(self) -> None:
        """Put into the texts what comes into a new file."""


@dataclass(frozen=True)
class TemplatePolicies:
    """Policies in YAML and JSON: of serverless.yml, SAM and CloudFormation."""

    project: Project
    texts: Texts

    def require(self, one: Repair) -> None:
        """Every role may be changed."""

    def statement_at(self, place: Place, role: str) -> Spot:
        """See :class:`Policies`."""
        text = self.texts.of(place.file)
        single = spot_of(place, text)
        if single is not None and single[-1] == "Statement":
            file, path = place.file, single
        else:
            file, path = located(place, None, self.texts)
        if text.kind(path) != "mapping" or text.tag(path):
            raise SpliceError(
                f"the statement comes from {text.value(path) or 'a function'}", place, "fix it there"
            )  # fmt: skip
        if not text.has((*path, "Effect")):
            raise SpliceError("this place holds no statement, only what a statement is built from", place, BY_HAND)
        text.edit_setting((*path, "Effect"), "Allow")  # raises where an alias repeats the statement at another place
        around = list_of(path)
        if any(text.tag(around[:depth]) for depth in range(len(around) + 1)) or any(
            str(step).startswith("Fn::") for step in around
        ):
            raise SpliceError("a condition chooses the statement", place, BY_HAND)
        if around and isinstance(around[-1], int):
            raise SpliceError("the statement is in a list inside the list of statements", place, BY_HAND)
        return file, path

    def added(self, one: Repair, gone: Sequence[Spot], narrowed: Sequence[Spot]) -> tuple[Spot | None, tuple[Any, ...]]:
        """See :class:`Policies`."""
        missing = tuple(each.written for each in needed(one.allow, None, Scope.of(self.project), as_it_is))
        return (self._where(one, gone, narrowed), missing) if missing else (None, ())

    def _where(self, one: Repair, gone: Sequence[Spot], narrowed: Sequence[Spot]) -> Spot:
        """The list that gets what a role needs: that of a statement which goes, is narrowed or stays."""
        for file, path in gone:
            return file, list_of(path)
        for file, path in (*narrowed, *others(one, self)):
            if path[-1] != "Statement":
                return file, path[:-1]
        return self._list_of(one)

    def _list_of(self, one: Repair) -> Spot:
        """Where a role without statements of its own has its list."""
        if self.project.framework != "serverless":
            raise ScopedownError(
                f"{one.role} has no list of statements", Place(self.project.config), "write the statement by hand"
            )
        function = next(each for each in self.project.functions if each.key == one.functions[0])
        return place_of_list(self.project, function, dialect_of(self.project), self.texts)

    def without(self, lists: Iterable[Spot]) -> Iterator[Spot]:
        """See :class:`Policies`: the whole policy, or the key that holds all policies of a role."""
        policies: dict[Spot, list[Steps]] = {}
        for file, around in lists:
            entry = around[:-2] if around[-2:-1] == ("PolicyDocument",) else around[:-1]
            if entry[-1:] == ("Policies",):
                yield file, entry
            elif entry[-2:-1] == ("Policies",):
                policies.setdefault((file, entry[:-1]), []).append(entry)
            else:
                raise SpliceError(
                    f"this is the last statement of {'.'.join(map(str, entry[:2]))}, and IAM refuses a policy without "
                    "one", Place(file), "remove the whole policy resource if nothing refers to it",
                )  # fmt: skip
        for (file, key), entries in policies.items():
            whole = len(entries) == len(self.texts.of(file).keys(key))
            yield from ((file, path) for path in ([key] if whole else entries))

    def finish(self) -> None:
        """Nothing comes into a new file."""


def others(one: Repair, of: Policies) -> Iterator[Spot]:
    """The statements of a repair's role that stay as they are and can be changed."""
    for place in one.others:
        try:
            yield of.statement_at(place, one.role)
        except SpliceError:
            continue
