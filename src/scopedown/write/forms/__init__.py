"""What functions need, in the words of another tool: one module, one form of ``write --format``.

Each has ``render(scan)``, which gives the whole text. :data:`FORMS` says which there are; :mod:`.document` is the
JSON of all projects. The options of the command are made of this module, which therefore imports nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scopedown.project.model import Project
    from scopedown.scan import ProjectScan

FORMS: Final = ("terraform", "cdk", "cdk-typescript", "cdk-python", "cloudformation")


def render(form: str, scan: ProjectScan) -> str:
    """The text of a form."""
    text: str = import_module(f"{__name__}.{form.replace('-', '_')}").render(scan)
    return text


def form_of_app(project: Project) -> str:
    """The form of a CDK app: grants in its language, or statements where that is none of the two."""
    from pathlib import Path

    from scopedown.project.cdk.program.files import language_of

    form = f"cdk-{language_of(Path(project.root))}"
    return form if form in FORMS else "cdk"
