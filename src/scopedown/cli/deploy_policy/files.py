"""What ``deploy-policy`` writes: documents, or one file of another form that makes all that is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scopedown.cli.forms import forms, renderer
from scopedown.cli.output import write_file
from scopedown.core.finding import ScopedownError, printable

if TYPE_CHECKING:
    from scopedown.cli.deploy_policy.guard_rails import Rails
    from scopedown.cli.deploy_policy.options import Around
    from scopedown.deploy.account_resources import Bundle
    from scopedown.deploy.model import Plan
    from scopedown.project.model import Project

Documents = dict[str, list[dict[str, Any]]]
"""Policy documents by title."""


def documents_of(plans: Mapping[str, Plan], inline: bool) -> Documents:
    """Each plan's documents, as few as its quota allows."""
    from scopedown.deploy.documents import INLINE_CHARACTERS, MANAGED_CHARACTERS, documents

    limit = INLINE_CHARACTERS if inline else MANAGED_CHARACTERS
    return {title: documents(plan.permissions, limit) for title, plan in plans.items()}


def bundle_of(project: Project, found: Documents, rails: Rails, around: Around, role_arn: str = "") -> Bundle:
    """All that is to be made: the documents, the boundary, the CI role that the pipeline takes."""
    from scopedown.deploy.account_resources import BOUNDARY, base_name, bundle
    from scopedown.deploy.trust import trust_of

    trust = trust_of(around.trust) if around.trust is not None else None
    if trust is not None and not rails.target.account.isdigit():
        raise ScopedownError(
            "a trust policy needs the account, which is unknown",
            remedy="pass --account",
        )
    every = {**found, **({BOUNDARY: [rails.document]} if rails.document is not None else {})}
    base = base_name(project.service, project.stage, project.region)
    return bundle(
        base, every, trust, rails.target.partition, rails.target.account, role_arn.rpartition("/")[2], rails.name
    )


def write(project: Project, whole: Bundle, form: str, output: str | None) -> None:
    """Print the documents, or write them to ``output``, a file or a folder, and name the files."""
    files = list(_files(project, whole, form, output))
    if output is None:
        click.echo("".join(text for _, text in files), nl=False)
        if len(files) > 1:
            hint = "these are separate documents: --output FOLDER/ saves each in a file"
            click.echo(printable(f"note: {', '.join(path.name for path, _ in files)}: {hint}"), err=True)
    for path, text in files if output is not None else ():
        write_file(path, text)
        click.echo(printable(f"written: {path}"))
    if whole.provider is not None and not whole.provider.limits:
        click.echo(
            f"note: every run of {whole.provider.subject} may take the role; name a ref or an environment", err=True
        )


def _files(project: Project, whole: Bundle, form: str, output: str | None) -> Iterator[tuple[Path, str]]:
    """The texts of a form, each with the file that it goes to."""
    from scopedown.deploy.account_resources import POLICY

    made = renderer("deployment", form)(whole)
    for title, texts in ({POLICY: [made]} if isinstance(made, str) else made).items():
        path = _path(project, title, form, output)
        for number, text in enumerate(texts, 1):
            yield (path if len(texts) == 1 else path.with_stem(f"{path.stem}-{number}")), text


def _path(project: Project, title: str, form: str, output: str | None) -> Path:
    """Where a document goes; in a folder (``output`` is one, or ends in ``/``) to a file of its own name."""
    from scopedown.deploy.account_resources import POLICY

    ending = forms("deployment")[form]["ending"]
    name = f"{_safe(project.service)}-{_safe(project.stage)}-{_safe(project.region)}-{title}{ending}"
    if output is None or output.endswith(("/", os.sep)) or Path(output).is_dir():
        return Path(output or "") / name
    path = Path(output)
    return path if title == POLICY else path.with_stem(f"{path.stem}-{title}")


def _safe(name: str) -> str:
    """A name from the project file as a part of a file's name, which leads into no other folder."""
    return re.sub(r"[^0-9A-Za-z._-]+", "-", name).strip("-.") or "project"
