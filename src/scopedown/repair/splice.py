"""The repairs of ``check --fix`` in the text of the project's files.

A problem that cannot be mended is told with its place, and the others are mended all the same. A policy whose last
statement goes is taken out whole: IAM refuses one without statements
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: ``statement_block`` has one or more).

Statements in Terraform's files are found and written as ``write`` does it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scopedown.checks.model import Problem
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.emit.splice.edits import SpliceError
from scopedown.project.intrinsics import Scope
from scopedown.repair.policies import BY_HAND, Policies, others
from scopedown.repair.repairs import Narrowed, Repair
from scopedown.scan import ProjectScan
from scopedown.write.before import Before
from scopedown.write.configuration import Configuration
from scopedown.write.model import Statement
from scopedown.write.statements import statements_needed
from scopedown.write.subjects import by_role
from scopedown.write.terraform import untouched, with_streams
from scopedown.write.terraform_file import Attempt, beside, names_of, put_beside
from scopedown.write.texts import Changes, Spot, Steps, Texts, list_of

Of = Callable[[Texts], Policies]
"""The policies of a project, in these texts of its files."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """The files with the repairs that could be made, those repairs, and why others could not."""

    texts: Texts
    done: tuple[Repair, ...]
    findings: tuple[Finding, ...]


def spliced(repairs: Sequence[Repair], texts: Texts, policies: Of) -> Spliced:
    """Make all repairs that can be made; ``texts`` stay as they are."""
    try:
        return Spliced(_carried_out(repairs, texts, policies), tuple(repairs), ())
    except (ScopedownError, ValueError):  # ValueError: two fixes would change the same place
        pass
    able: list[Repair] = []
    findings: list[Finding] = []
    for repair in repairs:
        kept, told = _able(repair, able, texts, policies)
        able += kept
        findings += told
    return Spliced(_carried_out(able, texts, policies), tuple(able), tuple(findings))


def _able(one: Repair, before: Sequence[Repair], texts: Texts, policies: Of) -> tuple[list[Repair], list[Finding]]:
    """As much of a repair as can be made beside those ``before``."""
    why = _refused([*before, one], texts, policies)
    if why is None:
        return [one], []
    groups: dict[Place | None, list[Problem]] = {}
    for problem in one.problems:
        groups.setdefault(problem.fix.place if problem.fix else None, []).append(problem)
    found: Repair | None = None
    findings: list[Finding] = []
    for problems in groups.values() if len(groups) > 1 else ():
        more = one.of_only([*(found.problems if found else ()), *problems])
        why = _refused([*before, more], texts, policies) if more else None
        if why is None:
            found = more or found
        else:
            findings += (_told(why, problem) for problem in problems)
    if len(groups) == 1:
        findings = [_told(why, problem) for problem in one.problems] if why else []
    return [found] if found else [], findings


def _told(why: ScopedownError, problem: Problem) -> Finding:
    return Finding("fix-by-hand", f"{problem.rule}: {why.message}", problem.place, why.remedy or BY_HAND)


def _refused(repairs: Sequence[Repair], texts: Texts, policies: Of) -> ScopedownError | None:
    """Why repairs cannot be made; None where they can."""
    try:
        _carried_out(repairs, texts, policies).overlay()
    except ScopedownError as error:
        return error
    except ValueError:
        return SpliceError("two fixes would change the same place", None, BY_HAND)
    return None


def _carried_out(repairs: Sequence[Repair], texts: Texts, policies: Of) -> Texts:
    """The files with the repairs. Raises ScopedownError where a place cannot be written."""
    texts = texts.copy()
    of = policies(texts)
    placed = [_placed(repair, of) for repair in repairs]  # all of them before a change moves lines
    added: dict[Spot, list[Any]] = {}
    for one in placed:
        if one.where is not None and one.added:
            added.setdefault(one.where, []).extend(one.added)
    gone = {*_emptied([spot for one in placed for spot in one.gone], added, of)}
    narrowing = [_narrowing(spot, narrowed, texts) for one in placed for spot, narrowed in one.narrowed]
    # the only value of its key, in whose place the added ones come, or a list
    put = tuple(addition for addition in added.items() if addition[0] in gone)
    append = tuple(addition for addition in added.items() if addition[0] not in gone)
    texts.carry_out(*narrowing, Changes(put, append, tuple(gone - set(added))))
    of.finish()
    try:
        texts.overlay()
    except SpliceError as error:
        why = "the part to remove holds a YAML anchor that another place uses"
        raise SpliceError(why, error.place, BY_HAND) from error
    return texts


@dataclass(frozen=True, slots=True)
class _Placed:
    """A repair, and where in the files it is made."""

    gone: tuple[Spot, ...]
    narrowed: tuple[tuple[Spot, Narrowed], ...]
    where: Spot | None
    """What gets the added ones; None where they come into a file of their own."""
    added: tuple[Any, ...]


def _placed(one: Repair, of: Policies) -> _Placed:
    of.require(one)
    gone = tuple(of.statement_at(place, one.role) for place in one.gone)
    narrowed = tuple((of.statement_at(each.place, one.role), each) for each in one.narrowed)
    return _Placed(gone, narrowed, *of.added(one, gone, [spot for spot, _ in narrowed]))


def _emptied(gone: Iterable[Spot], added: Container[Spot], of: Policies) -> Iterator[Spot]:
    """What goes: statements, and the whole policy in the place of its last ones."""
    by_list: dict[Spot, list[Steps]] = {}
    for file, path in dict.fromkeys(gone):
        by_list.setdefault((file, list_of(path)), []).append(path)
    emptied: list[Spot] = []
    for (file, around), paths in by_list.items():
        text = of.texts.of(file)
        last = text.kind(around) == "mapping" or len(paths) == len(text.keys(around))
        if not last or (file, around) in added or not around or around[-1] != "Statement":
            yield from ((file, path) for path in paths)  # the framework's own lists of statements may be empty
        else:
            emptied.append((file, around))
    yield from of.without(emptied)


def _narrowing(spot: Spot, one: Narrowed, texts: Texts) -> Changes:
    """What takes actions and resources out of a statement; what stays, stays as it is written."""
    file, path = spot
    put: list[tuple[Spot, Any]] = []
    gone: list[Spot] = []
    if one.actions is not None:
        key = (*path, "Action")
        listed = texts.of(file).kind(key) == "sequence"
        written = _items(texts, file, key) if listed else []
        if listed and set(one.actions) <= set(written):
            gone += ((file, (*key, number)) for number, action in enumerate(written) if action not in one.actions)
        else:
            put.append(((file, key), list(one.actions) if len(one.actions) > 1 or listed else one.actions[0]))
    if one.resources:
        key = (*path, "Resource")
        if len(texts.of(file).keys(key)) != one.count:
            raise SpliceError("the resources are not written here", one.place, BY_HAND)
        gone += ((file, (*key, number)) for number in one.resources)
    return Changes(set=tuple(put), remove=tuple(gone))


def _items(texts: Texts, file: str, path: Steps) -> list[str | None]:
    text = texts.of(file)
    return [text.value((*path, number)) for number in range(len(text.keys(path)))]


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
