"""Find project files: in a folder, by a file's name and content, or everywhere under a folder.

A file is looked into only to tell a template from other YAML or JSON; what a project is, is decided when it is read.
"""

from __future__ import annotations

import os
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.core.project_names import CDK_NAME, SERVERLESS_NAMES, TEMPLATE_NAMES
from scopedown.documents.document import wide_encoding
from scopedown.project.other_tools import REMEDY, TERRAGRUNT_REMEDY, is_terragrunt, other_tool
from scopedown.project.terraform.files import suffix_of
from scopedown.source.repository_tree import CDK_OUTPUT, SKIPPED_FOLDERS

ASSEMBLY: Final = "manifest.json"
"""The file that names what ``cdk synth`` wrote."""

TERRAFORM_NAMES: Final = ("main.tf", "main.tf.json", "main.tofu", "main.tofu.json")
"""The files that a Terraform configuration usually has; all files of its folder are one
(https://developer.hashicorp.com/terraform/language/files)."""

_TERRAFORM_FOLDERS: Final = frozenset((".terraform", ".terragrunt-cache"))
"""Where ``terraform init`` and Terragrunt put modules of others, which are read with what calls them."""

_TEMPLATE_SUFFIXES: Final = (".yaml", ".yml", ".json", ".template")
_TEMPLATE: Final = re.compile(
    rb"(?:^[ \t\"']*|[{,]\s*\")Resources[\"']?[ \t]*:.*?\bType[\"']?[ \t]*:[ \t\"']*(?:AWS|Custom|Alexa)::\w",
    re.MULTILINE | re.DOTALL,
)
_OF_AWS: Final = re.compile(rb'"aws_\w+"|\bprovider[ \t]+"aws"|"aws"[ \t]*:|/aws(?://[^"\n]*)?"|terraform-aws-')
_CALLED: Final = re.compile(
    rb'(?:^[ \t]*source[ \t]*=|[{,]\s{0,200}"source"[ \t]*:)[ \t]*"(\.{1,2}/[^"\n]{0,200})"', re.MULTILINE
)
"""The source of a local module."""
_CHILD: Final = re.compile(rb"\b(?:TemplateURL|Location)[\"']?[ \t]*:[ \t\"']*([^\s\"',}{]+)")
_LOOKED_INTO: Final = 1_000_000
"""Bytes; CloudFormation takes templates of 1 MB at most (its quotas)."""


def _head(path: Path) -> bytes:
    """A file's beginning as it would be in UTF-8 with its lines ended by ``\\n``; empty where it cannot be read."""
    try:
        if not path.is_file():  # a pipe would wait for its writer
            return b""
        with path.open("rb") as stream:
            data = stream.read(_LOOKED_INTO)
    except OSError:
        return b""
    encoding = wide_encoding(data)
    if encoding is not None:  # it is refused when it is read, which says more than that there is no project
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _is_unread(path: Path, head: bytes) -> bool:
    """Whether a file has a content that is no text, or that cannot be read."""
    if not head:
        try:
            return not path.is_dir() and (not path.is_file() or path.stat().st_size > 0)  # a broken link, a pipe
        except OSError:
            return True
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return True
    return b"\0" in head


def is_template(path: Path) -> bool:
    """Whether a file is a CloudFormation (or SAM) template, by its name's ending and its text."""
    return path.suffix in _TEMPLATE_SUFFIXES and _holds_template(_head(path))


def _holds_template(text: bytes) -> bool:
    # Most files hold no such word at all; to look for it first is fifty times faster than the pattern.
    return b"Resources" in text and _TEMPLATE.search(text) is not None


def _templates(folder: Path, names: Iterator[str]) -> Iterator[Path]:
    """The templates of a folder that stand for themselves: those that another one nests are part of that one."""
    heads = {name: _head(folder / name) for name in names if name.endswith(_TEMPLATE_SUFFIXES)}
    found = [name for name, head in heads.items() if _holds_template(head)]
    children = {
        os.path.normpath(child.decode("utf-8", "replace"))
        for name in found
        for child in _CHILD.findall(heads[name])
        if os.path.normpath(child.decode("utf-8", "replace")) != name
    }
    yield from (folder / name for name in found if name not in children)


def _terraform(folder: Path, names: Iterator[str]) -> tuple[Path | None, list[Path]]:
    """The file that a folder's Terraform configuration is known by, where it is one of AWS or may be one (a file that
    cannot be read is refused later, with why); the folders of the local modules that it calls."""
    heads = {name: _head(folder / name) for name in names if suffix_of(name)}
    called = [
        Path(os.path.normpath(folder / child.decode("utf-8", "replace")))
        for head in heads.values()
        for child in _CALLED.findall(head)
    ]
    if not (called or any(_OF_AWS.search(head) or _is_unread(folder / name, head) for name, head in heads.items())):
        return None, called
    return folder / next((name for name in TERRAFORM_NAMES if name in heads), min(heads)), called


def _own_config(folder: Path) -> Path | None:
    """The one configuration file that a folder is known by; None where there is none of the known names."""
    for name in SERVERLESS_NAMES:
        if (folder / name).is_file():
            return folder / name
    for name in TEMPLATE_NAMES:
        if is_template(folder / name):
            return folder / name
    for name in (f"{CDK_OUTPUT}/{ASSEMBLY}", CDK_NAME):
        if (folder / name).is_file():
            return folder / name
    manifest = folder / ASSEMBLY
    return manifest if manifest.is_file() and any(folder.glob("*.template.json")) else None


def find_config(path: Path) -> Path:
    """The configuration file that a path means: the file itself, or the one in a folder.

    Raises ScopedownError where there is none, or several templates of which none has a usual name.
    """
    if not path.exists():
        raise ScopedownError(
            f"{path} does not exist", None, "give the path of a project's folder or of its configuration file"
        )
    if path.is_file():
        return path
    if not path.is_dir():
        raise ScopedownError(f"{path} is not a regular file", Place(path.name), "give the path of a file")
    config = _own_config(path)
    if config is not None:
        return config
    templates = list(_templates(path, iter(sorted(one.name for one in path.iterdir()))))
    if len(templates) == 1:
        return templates[0]
    if templates:
        raise ScopedownError(
            f"{path} holds {len(templates)} templates: {', '.join(template.name for template in templates[:4])}", None,
            "give the path of one of them, or pass --recursive to read all",
        )  # fmt: skip
    _explain(path)
    terraform, _ = _terraform(path, iter(sorted(one.name for one in path.iterdir())))
    if terraform is not None:
        return terraform
    if (path / "serverless-compose.yml").is_file():
        raise ScopedownError(f"{path} composes several services", None, "read all of them with --recursive")
    if tool := other_tool(path):
        remedy = TERRAGRUNT_REMEDY if tool == "Terragrunt" else REMEDY
        raise ScopedownError(f"{path} holds a project of {tool}, which scopedown does not read", None, remedy)
    raise ScopedownError(
        f"no project file was found in {path}", None,
        f"give a folder with {', '.join(SERVERLESS_NAMES[:2])}, {TEMPLATE_NAMES[0]}, {CDK_NAME} or .tf files, or "
        "the file itself; --recursive searches its subfolders",
    )  # fmt: skip


def others_beside(config: Path) -> list[str]:
    """Other project files in a configuration file's folder, by their names: those that its text does not name.

    A CDK application's assembly is part of its cdk.json.
    """
    folder = config.parent
    if config.name == ASSEMBLY:
        return []
    names = [name for name in SERVERLESS_NAMES if (folder / name).is_file()]
    names += [name for name in TEMPLATE_NAMES if is_template(folder / name)]
    names += [CDK_NAME] if (folder / CDK_NAME).is_file() else []
    if len(names) < 2:
        return []
    text = _head(config)
    return [name for name in names if name != config.name and name.encode() not in text]


def _explain(folder: Path) -> None:
    """Raise ScopedownError where a folder has a project file's name that is not one, saying why."""
    for name in (*SERVERLESS_NAMES, *TEMPLATE_NAMES, CDK_NAME):
        path = folder / name
        if path.is_dir():
            raise ScopedownError(
                f"{path} is a folder, not a project file", Place(name), "give the path of the project file"
            )
        if path.is_symlink() and not path.exists():
            raise ScopedownError(f"{path} is a broken link", Place(name), "correct the link")
        if path.exists() and not path.is_file():
            raise ScopedownError(f"{path} is not a regular file", Place(name), "give the path of a file")
        if path.is_file():
            try:
                path.open("rb").close()
            except OSError as error:
                raise ScopedownError(
                    f"{path} cannot be read: {error.strerror or error}", Place(name), "check its permissions"
                ) from error
            raise ScopedownError(
                f"{path} is not a template: it has no Resources with a Type", Place(name),
                "add Resources, or give the path of the project's template",
            )  # fmt: skip


def find_projects(root: Path) -> list[Path]:
    """Every project's configuration file under a folder, in the order of their paths; links are not followed.

    A folder that has a Serverless Framework or CDK project is that project; in another one every template is one. A
    folder of Terraform files is one too, unless another one calls it as a module. A unit of Terragrunt's is refused
    when it is read, so that nobody misses it.
    """
    found: list[Path] = []
    terraform: list[Path] = []
    called: set[Path] = set()
    for name, folders, files in os.walk(root, followlinks=False):
        folder = Path(name)
        has_assembly = CDK_NAME in files and CDK_OUTPUT in folders
        folders[:] = sorted(one for one in folders if one not in SKIPPED_FOLDERS | _TERRAFORM_FOLDERS)
        config = next((folder / one for one in SERVERLESS_NAMES if one in files), None)
        if config is not None:
            found.append(config)
        elif has_assembly and (folder / CDK_OUTPUT / ASSEMBLY).is_file():
            found.append(folder / CDK_OUTPUT / ASSEMBLY)
        elif CDK_NAME in files:
            found.append(folder / CDK_NAME)
        else:
            found += _templates(folder, iter(sorted(files)))
        configuration, modules = _terraform(folder, iter(files))
        terraform += [] if configuration is None else [configuration]
        if configuration is None:
            found += [folder / one for one in sorted(files) if is_terragrunt(folder / one)]
        called.update(module for module in modules if module != folder)
    return sorted([*found, *(one for one in terraform if Path(os.path.normpath(one.parent)) not in called)])
