"""``scopedown compare``: what a change of policies, or of a project, allows that was not allowed before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.check.outputs import Outputs, form_options, outputs
from scopedown.cli.forms import forms, rendered
from scopedown.cli.projects import Request, project_options
from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.iam.document import Kind
from scopedown.iam.errors import RequestError

if TYPE_CHECKING:
    from scopedown.compare.access.model import Changes, Subject
    from scopedown.project.model import Project

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_EXAMPLES = """
\b
Examples:
  scopedown compare old.json new.json               # what new.json allows that old.json does not
  scopedown compare old.json new.json --scp scp.json --boundary boundary.json
  scopedown compare --base main                     # this project, compared with the branch main
  scopedown compare before/ after/                  # two states of a project
  scopedown compare new.json --reference reference.json
  scopedown compare new.json --not-granted 'iam:*,s3:DeleteBucket@arn:aws:s3:::prod*'
  scopedown compare bucket-policy.json --no-public
  scopedown compare old.json new.json --equivalent --format json
  scopedown compare --base main --format github -o sarif=scopedown.sarif
  scopedown compare --cases pairs.jsonl
"""


@click.command("compare", epilog=_EXAMPLES)
@project_options
@click.option(
    "--base", metavar="REF", help="Compare the project in PATH with its state at a Git commit, branch or tag."
)
@click.option(
    "--kind",
    type=click.Choice([str(kind) for kind in Kind]),
    help="What the documents are. Default: what their elements say.",
)  # fmt: skip
@click.option("--boundary", type=_FILE, multiple=True, help="A permissions boundary on both sides; repeatable.")
@click.option("--scp", type=_FILE, multiple=True, help="A service control policy on both sides; repeatable.")
@click.option("--rcp", type=_FILE, multiple=True, help="A resource control policy on both sides; repeatable.")
@click.option(
    "--not-granted", multiple=True, metavar="ACTIONS[@ARNS]",
    help="Check that these actions are not granted (on these resources); comma-separated, repeatable.",
)  # fmt: skip
@click.option("--no-public", is_flag=True, help="Check that no policy of a resource or role is public.")
@click.option("--reference", type=_FILE, help="Check that the policy allows nothing that this policy does not.")
@click.option("--equivalent", is_flag=True, help="Check that both sides allow the same.")
@click.option("--cases", type=_FILE, help="Run a file of cases instead (docs/compare.md).")
@form_options
@click.pass_context
def compare_command(
    ctx: click.Context,
    /,
    base: str | None,
    kind: str | None,
    boundary: tuple[Path, ...],
    scp: tuple[Path, ...],
    rcp: tuple[Path, ...],
    not_granted: tuple[str, ...],
    no_public: bool,
    reference: Path | None,
    equivalent: bool,
    cases: Path | None,
    form: str,
    output: tuple[str, ...],
    request: Request,
) -> None:
    """Compare what policies allow: what is new, with a request that shows it.

    OLD and NEW are policy documents, sets of policies with boundary, SCPs and RCPs, folders of policies, or projects.
    "No new access" is a proof for every action, resource, principal and context. What cannot be decided counts as new.
    Exit code 0: nothing new (or the check passes). 1: new access. 2: wrong input.
    """
    wanted = outputs(form, output)
    if cases is not None:
        if output or form not in ("text", "json"):
            raise ScopedownError("--cases prints text or JSON", None, "redirect it to a file")
        ctx.exit(_run_cases(cases, form))
    given = _Given(request, base, Kind(kind) if kind else None, boundary, scp, rcp)
    changes = _changes(given, not_granted, no_public, reference, equivalent)
    _show(changes, request.folder, wanted)
    ctx.exit(1 if changes.failed else 0)


def _show(changes: Changes, folder: Path, wanted: Outputs) -> None:
    """Write the files, then print: in the forms of comparisons, or those of check."""
    from scopedown.checks.new_access import report
    from scopedown.cli.repositories import repository_of

    def content(form: str, colour: bool) -> str | bytes:
        if form in forms("changes"):
            return rendered("changes", form, changes)
        return rendered("report", form, report(changes, repository_of(folder)))

    wanted.carry_out(content)


@dataclass(frozen=True, slots=True)
class _Given:
    """The two sides that the user names."""

    request: Request
    base: str | None
    kind: Kind | None
    boundary: Sequence[Path]
    scp: Sequence[Path]
    rcp: Sequence[Path]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths as given."""
        return self.request.paths

    def documents(self, path: Path) -> list[Subject]:
        """The policies of a path, with the boundary, the SCPs and the RCPs of both sides."""
        from scopedown.compare.access.documents import limited, read_subjects
        from scopedown.iam.parse import parse_policy

        found = read_subjects(str(path), self.kind)
        for kind, files in ((Kind.BOUNDARY, self.boundary), (Kind.SCP, self.scp), (Kind.RCP, self.rcp)):
            if files:
                limits = tuple(parse_policy(one.read_bytes(), kind, name=str(one)) for one in files)
                found = [limited(one, kind, limits) for one in found]
        return found


def _changes(
    given: _Given, not_granted: tuple[str, ...], no_public: bool, reference: Path | None, equivalent: bool
) -> Changes:
    from scopedown.catalog.load import catalog
    from scopedown.compare.access import ask

    checks = [bool(not_granted), no_public, reference is not None, equivalent]
    if sum(checks) > 1:
        raise ScopedownError(
            "--not-granted, --no-public, --reference and --equivalent exclude each other", None, "run compare twice"
        )
    names = catalog().action_names()
    check = "equivalent" if equivalent else "no new access"
    if not_granted or no_public or reference is not None:
        if len(given.paths) > 1 or given.base:
            raise ScopedownError("this check looks at one state", None, "name one policy or project, without --base")
        subjects = _one_state(given, given.request.path)
        if not_granted:
            return ask.granted(subjects, [ask.NotGranted.read(one) for one in not_granted], names)
        if no_public:
            return ask.public(subjects, names)
        assert reference is not None
        return _against(given.documents(reference), subjects, names)
    if given.base is None and len(given.paths) == 2 and not all(map(_is_project, given.paths)):
        old, new = map(given.documents, given.paths)
        return ask.compare_documents(old, new, names, check)
    return _of_projects(given, check, names)


def _against(reference: list[Subject], subjects: list[Subject], names: Sequence[str]) -> Changes:
    """Every subject of the reference's kind beside the reference."""
    from scopedown.compare.access.ask import compared
    from scopedown.compare.access.model import Changes

    changes = [
        compared(one, subject, names, lost=False)
        for one in reference
        for subject in subjects
        if one.kind.has_principal is subject.kind.has_principal
    ]
    if not changes:
        raise ScopedownError("the reference and the policy are of different kinds", None, "name the kind with --kind")
    return Changes(tuple(changes), "no new access", reference[0].name, subjects[0].name)


def _is_project(path: Path) -> bool:
    """Whether a path is a project and no policy: a folder or file that a project is read from."""
    from scopedown.project.discovery import find_config, is_template

    if str(path) == "-":
        return False
    if path.is_file():
        return is_template(path) or path.name.startswith(("serverless.", "template."))
    try:
        return path.is_dir() and find_config(path) is not None
    except ScopedownError:
        return False


def _one_state(given: _Given, path: Path) -> list[Subject]:
    """The policies of a path: of a project all of its roles and resources."""
    return _project_subjects(given, path) if _is_project(path) else given.documents(path)


def _of_projects(given: _Given, check: str, names: Sequence[str]) -> Changes:
    """Two states of a project: a folder and its commit, or two folders."""
    from scopedown.compare.access.ask import compare_documents
    from scopedown.compare.access.revision import files_at

    if given.base is not None:
        if len(given.paths) > 1:
            raise ScopedownError("--base compares one path with its own past", None, "name one PATH")
        path = given.request.path
        documents = not _is_project(path)
        with files_at(given.base, path) as before:
            if before is None:  # a project that is new: all that it allows is
                old: list[Subject] = []
            elif documents:
                old = given.documents(before)
            else:
                old = _project_subjects(given, before, with_past=True)
        if documents:
            return compare_documents(old, _one_state(given, path), names, check)
        new = _project_subjects(given, path, with_past=True)
        return _paired(old, new, names, check, given.base)
    if len(given.paths) != 2:
        raise click.UsageError("give OLD and NEW, or --base REF, or --cases FILE")
    first, second = given.paths
    old, new = (_project_subjects(given, one, with_past=True) for one in (first, second))
    return _paired(old, new, names, check, str(first))


def _paired(old: list[Subject], new: list[Subject], names: Sequence[str], check: str, before: str) -> Changes:
    from scopedown.compare.access.ask import compared
    from scopedown.compare.access.model import Changes
    from scopedown.compare.access.pairs import paired, reported
    from scopedown.compare.arn_normalization import ACCOUNT

    changes = tuple(change for _, change in reported((pair, compared(*pair, names)) for pair in paired(old, new)))
    notes = ("000000000000 stands for the account that the project deploys to",)
    told = any(ACCOUNT in str((change.found, change.lost)) for change in changes)
    return Changes(changes, check, before, "", notes if told else ())


def _project_subjects(given: _Given, path: Path, with_past: bool = False) -> list[Subject]:
    """The subjects of a project, read as the options say; ``with_past``: with what only a comparison looks at."""
    from dataclasses import replace

    from scopedown.catalog.load import catalog
    from scopedown.cli.projects import Outcome, options_of, read_projects
    from scopedown.compare.access.pairs import with_other_deployments
    from scopedown.compare.access.states import subjects_of

    if given.boundary or given.scp or given.rcp or given.kind:
        raise ScopedownError("--kind, --boundary, --scp and --rcp are for policy documents, not for projects")
    outcome = Outcome()
    request = replace(given.request, paths=(path,))
    found: list[Subject] = []
    for name, project in read_projects(request, outcome):
        if with_past:
            own = with_other_deployments(project, options_of(request), catalog())
        else:
            own = subjects_of(project, catalog())
        label = _label(project, path) if name else ""
        keys = [tuple(f"{label}|{key}" for key in one.keys) for one in own]
        named = [replace(one, name=f"{label}: {one.name}", keys=of) for one, of in zip(own, keys, strict=True)]
        found += named if label else own
    for error in outcome.errors:
        raise error
    return found


def _label(project: Project, path: Path) -> str:
    """One of several projects, by its folder below the path, and its file where that is not all."""
    root, top = Path(project.root).resolve(), path.resolve()
    return (root.relative_to(top) / project.config).as_posix() if root.is_relative_to(top) else project.config


def _run_cases(file: Path, form: str) -> int:
    """Run a file of comparisons (docs/compare.md)."""
    from scopedown.catalog.load import catalog
    from scopedown.cli.cases import run_cases
    from scopedown.compare.access.cases import RESULTS, result_of

    names = catalog().action_names()

    def expected(data: Mapping[str, Any], place: Place) -> str:
        if (result := data.get("expected")) not in RESULTS:
            raise RequestError(f"expected must be one of {', '.join(RESULTS)}, not {result!r}", place)
        return str(result)

    def decide(data: Mapping[str, Any]) -> tuple[str, list[str]]:
        result, found = result_of(data, names)
        witness = found.witness
        lines = [json.dumps(witness.data(), ensure_ascii=False)] if witness is not None else []
        return result, lines + [f"not decided: {one.reason}" for one in found.undecided]

    return run_cases(file, form, "result", "docs/compare.md", expected, decide, "invalid")
