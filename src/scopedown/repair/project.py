"""A project with the problems repaired that a program can repair, in its own files.

The files are spliced as ``write`` does it. What came of it is read and checked again before it is written: a function
must not be denied what it was allowed, and what no fix names must be there as it was. A role of which that is not so is
left as it is.

A repair must not change what no fix names, widen a role, or take what a function may need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from scopedown.catalog.load import catalog
from scopedown.catalog.model import Catalog
from scopedown.checks.model import Problem
from scopedown.checks.registry import rules
from scopedown.checks.run import check
from scopedown.compare.narrows import narrows
from scopedown.compare.subject import subjects
from scopedown.core.finding import Finding, ScopedownError
from scopedown.core.place import Place
from scopedown.project.model import Project, Role
from scopedown.repair.policies import Policies, TemplatePolicies
from scopedown.repair.repairs import Repair, repairs
from scopedown.repair.splice import TerraformPolicies, spliced
from scopedown.repair.uncertain_grants import UNSURE, doubts, in_doubt
from scopedown.scan import ProjectScan
from scopedown.write.model import FileChange
from scopedown.write.texts import Texts
from scopedown.write.verify import changed_beside


def changed_otherwise(before: Project, after: Project, repairs: Sequence[Repair]) -> tuple[str, str] | None:
    """What is not as it was and no repair names, with the role that it is about (empty: the whole project)."""
    changed = {repair.role: repair.changed for repair in repairs}
    for id, role in before.roles.items():
        there = _statements(after.roles[id], frozenset()) if id in after.roles else Counter[str]()
        stay = _statements(role, changed.get(id, frozenset()))
        if stay - there or (id not in changed and there != stay):
            return "a statement that no fix names would be changed", id
    policies = {id for id, one in before.resources.items() if one.type.startswith("AWS::IAM::")}  # compared above
    return next(((wrong.why, "") for wrong in changed_beside(before, after, {*changed, *policies})), None)


def _statements(role: Role, but: frozenset[Place]) -> Counter[str]:
    return Counter(
        repr(statement.statement)
        for statement in role.statements
        if statement.added_by == "project" and statement.place not in but
    )


def wider(before: ProjectScan, after: ProjectScan, catalog: Catalog) -> tuple[str, str, Place | None] | None:
    """Why a role would not only be narrowed, in words, with the role and its place; None where all are."""
    new = {subject.role.id: subject for subject in subjects(after, catalog)}
    for old in subjects(before, catalog):
        there = new.get(old.role.id)
        if there is not None and (reasons := narrows(old, there, old.doubt)):
            return reasons[0], old.role.id, old.functions[0].function.place
    return None


@dataclass(frozen=True, slots=True)
class ProjectRepair:
    """The files as they will be, what remains to be done by hand, and how many problems are ``mended``."""

    changes: tuple[FileChange, ...]
    findings: tuple[Finding, ...]
    mended: int


@dataclass(frozen=True, slots=True)
class Repairing:
    """How projects are read, and what of their problems is repaired."""

    load: Callable[[Project, Mapping[Path, str]], Project]
    """Reads a project again, with texts in the place of its files."""
    scan: Callable[[Project], ProjectScan]
    chosen: frozenset[str]
    """The rules whose problems are repaired."""
    unseen: bool
    """Whether no person looks at the change before it is written."""
    find: Callable[[ProjectScan, Mapping[Path, str] | None], tuple[Problem, ...]] | None = None
    """What is repaired in the place of check's problems, of a project that was loaded with texts: permissions that a
    person asks for. A role may become wider by them."""

    def problems(self, scan: ProjectScan, texts: Mapping[Path, str] | None = None) -> tuple[Problem, ...]:
        """The problems of a project that are repaired."""
        if self.find is not None:
            return self.find(scan, texts)
        return check(scan, catalog(), self.chosen, texts).problems


def repaired(scans: Sequence[ProjectScan], how: Repairing, base: Path | None = None) -> list[ProjectRepair]:
    """What becomes of each project. Files are named from ``base``, where that holds several projects; one that several
    projects read stays as it is."""
    return _apart([_named(_repaired(scan, how), scan, base) for scan in scans], scans)


def _named(one: ProjectRepair, scan: ProjectScan, base: Path | None) -> ProjectRepair:
    """With files named from the folder that was asked for, where that holds several projects."""
    if base is None:
        return one
    folder, start = Path(scan.project.root).resolve(), base.resolve()

    def name(file: str) -> str:
        path = (folder / file).resolve()
        return (path.relative_to(start) if path.is_relative_to(start) else path).as_posix()

    return ProjectRepair(
        tuple(replace(change, name=name(change.name)) for change in one.changes),
        tuple(
            replace(each, place=replace(each.place, file=name(each.place.file))) if each.place else each
            for each in one.findings
        ),
        one.mended,
    )


def _apart(found: Sequence[ProjectRepair], scans: Sequence[ProjectScan]) -> list[ProjectRepair]:
    """Without the changes of files that other projects read too: of those it is not known what they need there."""
    readers: dict[Path, set[int]] = {}
    for number, scan in enumerate(scans):
        root = Path(scan.project.root)
        places = [
            statement.place for role in scan.project.roles.values() for statement in role.statements if statement.place
        ]
        for file in {scan.project.config, *(place.file for place in places)}:
            readers.setdefault((root / file).resolve(), set()).add(number)
    kept = []
    for one in found:
        common = next((each for each in one.changes if len(readers.get(each.path.resolve(), ())) > 1), None)
        if common is not None:
            why = "nothing in this project was fixed, because another project reads this file too"
            one = ProjectRepair((), (*one.findings, _unverified(why, Place(common.name))), 0)
        kept.append(one)
    return kept


def _unverified(why: str, place: Place | None) -> Finding:
    return Finding(UNVERIFIED, why, place, "fix it by hand")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Why a change is not made: what is wrong with it, and the role that it is about (empty: the whole project)."""

    why: str
    role: str = ""
    place: Place | None = None


def _repaired(scan: ProjectScan, how: Repairing) -> ProjectRepair:
    policies = _policies(scan)
    left_alone: dict[str, Finding] = {}
    while True:
        found = _attempt(scan, how, policies, frozenset(left_alone))
        if isinstance(found, ProjectRepair):
            return replace(found, findings=(*left_alone.values(), *found.findings))
        if not found.role or found.role in left_alone:
            return ProjectRepair(
                (), (*left_alone.values(), _unverified(f"nothing was written: {found.why}", found.place)), 0
            )
        left_alone[found.role] = _unverified(f"{found.role} was not changed: {found.why}", found.place)


def _attempt(
    scan: ProjectScan, how: Repairing, policies: _PoliciesOf, left_alone: frozenset[str]
) -> ProjectRepair | _Wrong:
    """What becomes of a project without the roles that are left alone, or what is wrong with that."""
    before = left = how.problems(scan)
    texts, now = Texts(Path(scan.project.root), hcl=scan.project.framework == "terraform"), scan
    unsure: list[Finding] = []
    findings: list[Finding] = []
    try:
        for _ in range(_ROUNDS):
            findings = [*_generated(now, left)]  # what an earlier round could not repair is tried again
            able = () if findings else [problem for problem in left if problem.role not in left_alone]
            certain, doubtful = doubts(now, able, how.unseen)
            unsure += (finding for finding in doubtful if finding.code == UNSURE)
            findings += (finding for finding in doubtful if finding.code != UNSURE)
            done, by_hand = repairs(now, catalog(), certain, texts.overlay())
            made = spliced(done, texts, partial(policies, now))
            findings += (*by_hand, *made.findings)
            if made.texts.overlay() == texts.overlay():
                break
            project = how.load(scan.project, made.texts.overlay())
            if changed := changed_otherwise(now.project, project, made.done):
                return _Wrong(*changed)
            texts, now = made.texts, how.scan(project)
            left = how.problems(now, texts.overlay())
        worse = _worse(check(scan, catalog()).problems, check(now, catalog(), overlay=texts.overlay()).problems)
        if worse is not None:
            return _Wrong(worse.message, worse.role, worse.place)
        if how.find is None and (why := wider(scan, now, catalog())):
            return _Wrong(*why)
    except ScopedownError as error:
        return _Wrong(str(error))
    open_ = in_doubt(scan, how.chosen) if how.find is None else ()
    told = tuple(dict.fromkeys((*unsure, *findings, *open_)))
    return ProjectRepair(texts.changes(), told, len(_keys(before) - _keys(left)))


UNVERIFIED = "fix-unverified"
SYNTHESIZED = "fix-synthesized"
"""The code of what is told of files that a program makes: nothing that could be repaired was left."""
_ROUNDS = 4
"""What is repaired may show that something else is to be repaired (a statement that another one now covers)."""


def _generated(scan: ProjectScan, left: tuple[Problem, ...]) -> Iterator[Finding]:
    """Why the files that were read are not changed: a program makes them."""
    config, framework = scan.project.config, scan.project.framework
    if framework == "cdk" and left:
        why = "cdk synth overwrites these templates, so scopedown did not change them"
        yield Finding(SYNTHESIZED, why, Place(config), "change the constructs that check names")
    elif framework == "terraform" and config.endswith(".json") and left:
        why = f"{config} is not an HCL file, so scopedown did not change it"
        yield Finding("fix-by-hand", why, Place(config), "run check --fix on the folder of the .tf files")


def _keys(problems: tuple[Problem, ...]) -> set[tuple[str, str, str]]:
    return {(problem.rule, problem.role, problem.about) for problem in problems}


def _worse(before: tuple[Problem, ...], after: tuple[Problem, ...]) -> Problem | None:
    """What would be denied and was not, or would be refused."""
    grave = {rule.id for rule in rules() if rule.gate == "missing" or rule.severity == "error"}
    known = _keys(before)
    return next(
        (
            problem
            for problem in after
            if problem.rule in grave and (problem.rule, problem.role, problem.about) not in known
        ),
        None,
    )


_PoliciesOf = Callable[[ProjectScan, Texts], Policies]
"""The policies in the files of a scan's project, of which these are the texts."""


def _policies(scan: ProjectScan) -> _PoliciesOf:
    """How policies are changed in the files of a project's tool."""
    if scan.project.framework == "terraform":
        return TerraformPolicies
    return lambda now, texts: TemplatePolicies(now.project, texts)
