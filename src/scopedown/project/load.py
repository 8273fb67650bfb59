"""The one entry of this stage: from a path to a Project.

>>> from pathlib import Path
>>> project = load_project(Path("examples/todos"), Options())  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.project_names import CDK_NAME, SERVERLESS_NAMES
from scopedown.documents.document import Files
from scopedown.documents.nodes import MapNode
from scopedown.project.discovery import (
    ASSEMBLY,
    find_config,
    find_projects,
    is_template,
)
from scopedown.project.model import Project
from scopedown.project.options import NotAwsError, Options
from scopedown.project.other_tools import TERRAGRUNT_REMEDY
from scopedown.project.terraform.files import suffix_of

__all__ = ["NotAwsError", "Options", "find_projects", "load_project", "read_values"]

PROGRAMS: Final = (".ts", ".mts", ".js", ".mjs", ".cjs")
"""A project file with such an ending is a program; it is read, never run."""


def read_values(path: Path) -> dict[str, Any]:
    """The values of ``--param-file``: a YAML (or JSON) mapping of variables to their values.

    Keys are variables as they are written, without ``${}``: ``ssm:/path``, ``cf:stack.Output``, ``s3:bucket/key``,
    and those of plugins. Raises ScopedownError where the file cannot be read or holds no mapping.
    """
    document = Files(path.parent).document(path)
    if document is None:
        raise ScopedownError(f"{path} does not exist", None, "correct the path in --param-file")
    if not isinstance(document.tree, dict):
        raise ScopedownError(
            f"{path.name} is not a mapping", Place(path.name), 'write lines such as "ssm:/path": value'
        )
    return dict(document.tree)


def load_project(path: Path, options: Options, texts: Mapping[Path, str] | None = None) -> Project:
    """Read the project that a folder, or a configuration file, holds.

    ``texts`` stand in the place of what files hold (by their resolved paths): the project as it would be.
    Raises :class:`~scopedown.core.finding.ScopedownError` only where nothing can be read: no project file, a broken
    one, or one without a service, a provider or readable functions. Everything else is in ``Project.findings``.
    """
    try:
        config = find_config(path)
        folder = config.parent.resolve()
        files = Files(folder, dict(texts or {}))
        if config.name in (ASSEMBLY, CDK_NAME):
            from scopedown.project.cdk.read import read_cdk

            return _as_asked(_with_own_layers(read_cdk(folder, files, options)), options)
        if config.name.startswith("terragrunt.") and config.suffix == ".hcl":
            raise ScopedownError(
                f"scopedown does not read {config.name}, a configuration of Terragrunt", Place(config.name),
                TERRAGRUNT_REMEDY,
            )  # fmt: skip
        if suffix_of(config.name):
            from scopedown.project.terraform.read import read_terraform

            return _as_asked(_with_own_layers(read_terraform(folder, config.name, files, options)), options)
        return _as_asked(_with_own_layers(_read(folder / config.name, files, options)), options)
    except RecursionError as error:
        raise ScopedownError(f"{path} is nested too deeply", None, "nest its values less deeply") from error
    except OSError as error:
        raise ScopedownError(
            f"{path} cannot be read: {error.strerror or error}", None, "check the path and the file's permissions"
        ) from error


def _as_asked(project: Project, options: Options) -> Project:
    """A project with what the user asks of all projects, whichever reader it comes from."""
    return replace(project, habitual_logs=True) if options.habitual_logs else project


def _with_own_layers(project: Project) -> Project:
    if not any(function.foreign_layers for function in project.functions):
        return project
    from scopedown.project.repository_layers import with_own_layers

    return with_own_layers(project)


def _read(config: Path, files: Files, options: Options) -> Project:
    """Read a configuration file as what its content says that it is. A reader is imported where it is needed."""
    if config.suffix in PROGRAMS:
        from scopedown.project.programs import programs
        from scopedown.project.serverless.read import read_serverless

        return read_serverless(programs(config.name).read_program(config, files, options), files, options)
    is_named = config.name in SERVERLESS_NAMES
    document = files.document(config, template=not is_named and is_template(config))
    if document is None:
        raise ScopedownError(f"{config.name} cannot be read", Place(config.name), "check the path")
    tree = document.tree
    if config.suffix == ".json" and isinstance(tree, MapNode) and _is_plan(tree):
        from scopedown.project.terraform.read import read_plan

        return read_plan(document, files, options)
    if not isinstance(tree, MapNode) or "Resources" not in tree or "provider" in tree:
        from scopedown.project.serverless.read import read_serverless

        return read_serverless(document, files, options)
    from scopedown.project.cloudformation.transforms import is_sam
    from scopedown.project.sam.read import read_plain, read_sam

    return (read_sam if is_sam(tree) else read_plain)(document, files, options)


def _is_plan(tree: MapNode) -> bool:
    """Whether a document is what ``terraform show -json`` prints: a plan, or a state."""
    return "planned_values" in tree or ("terraform_version" in tree and "values" in tree)


def load_compiled(path: Path, options: Options) -> Project:
    """The project of the template that the Serverless Framework wrote (``.serverless/cloudformation-template-…``).

    Raises ScopedownError where the file is no such template.
    """
    from scopedown.project.serverless.compiled import read_compiled

    root = path.parent.parent.resolve() if path.resolve().parent.name == ".serverless" else path.parent.resolve()
    return _as_asked(read_compiled(path, options, Files(root)), options)


def run_framework(path: Path, options: Options) -> Project:
    """The project in a folder as its installed framework compiles it; this runs the project's own code.

    Raises ScopedownError where no framework is installed, or where it fails.
    """
    import tempfile

    from scopedown.project.serverless.compiled import read_compiled
    from scopedown.project.serverless.compiled import run_framework as package

    config = find_config(path)
    root = config.parent.resolve()
    if config.name in (ASSEMBLY, CDK_NAME):
        return _synthesized(root, options)
    default = next((name for name in SERVERLESS_NAMES if (root / name).is_file()), None)
    if default is None and not path.is_file():
        raise ScopedownError(
            f"{path} is not a project of the Serverless Framework, nor a CDK app", Place(config.name),
            "leave --run-framework out",
        )  # fmt: skip
    other = None if config.name == default else config.name
    with tempfile.TemporaryDirectory(prefix="scopedown-") as folder:
        return _as_asked(read_compiled(package(root, options, Path(folder), other), options, Files(root)), options)


def _synthesized(folder: Path, options: Options) -> Project:
    """The CDK app in a folder as ``cdk synth`` writes it now.

    The assembly is in a folder of its own inside of the app's output folder, because bundled code is read from it, and
    only what is inside of the repository is read as code. It is removed when the process ends.
    """
    import atexit

    from scopedown.project.cdk.read import app_of, output_of, read_cdk
    from scopedown.project.cdk.run import room_for_assembly, synthesize

    root = app_of(folder) or folder
    files = Files(root)
    assembly, remove = room_for_assembly(output_of(root, files))
    atexit.register(remove)
    synthesize(root, options, assembly)
    return _as_asked(_with_own_layers(read_cdk(root, files, options, assembly)), options)


def choices(project: Project, options: Options) -> frozenset[str] | None:
    """The names of a template's parameters, or of a configuration's variables (``Options.symbolic``).

    None where there are no such names to set: in projects of other tools, in a Serverless project, whose variables are
    read as words (:mod:`scopedown.project.stand_ins`), and in a plan, which is of one deployment.
    """
    if project.framework == "terraform":
        from scopedown.project.terraform.read import known_variables

        config = Path(project.root) / project.config
        return None if config.suffix == ".json" else frozenset(known_variables(config.parent, options))
    if project.framework in ("sam", "cloudformation"):
        return frozenset(name.rpartition("/")[2] for name in project.parameters)
    return None
