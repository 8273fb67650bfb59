"""From a handler of .NET to its source: the project that makes the assembly, and in it the class or the program.

A handler is ``Assembly::Namespace.Class::Method``, or the assembly's name alone where the assembly starts by itself
(https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html); in a custom runtime the assembly always does, and
the handler's text is not used. The symbol of what is found is ``Namespace.Class::Method``, or ``::Main`` of a class,
or the function of the statements at the top of the file.

A project is known by its assembly's name, wherever the template says that its output is: a folder or an archive that is
built has no sources in it.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from scopedown.languages.csharp import projects
from scopedown.languages.csharp.lower import MAIN, parsed
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found
from scopedown.project.code.makefiles import name_of, read_makefile

if TYPE_CHECKING:
    from scopedown.project.code.wanted import Wanted

_CLASS_METHOD: Final = re.compile(r"([^:]+)::([^:]+)::([^:]+)")
_GENERATED: Final = "_Generated"
"""What the classes end in that Lambda Annotations generate: ``{Class}_{Method}_Generated``
(https://github.com/aws/aws-lambda-dotnet/tree/master/Libraries/src/Amazon.Lambda.Annotations)."""
_GENERATES_MAIN: Final = re.compile(r"GenerateMain\s*=\s*true")
_OTHERS: Final = (".fsproj", ".vbproj")
"""Projects of other languages of .NET, which are not read."""
_MAIN: Final = re.compile(r"\bstatic\s+(?:async\s+)?(?:void|int|Task(?:\s*<\s*int\s*>)?)\s+Main\s*\(")
_TEST: Final = re.compile(r"(?:^|[./_-])(?:unit|integration)?tests?(?:$|[./_-])", re.IGNORECASE)
_OUTPUTS: Final = frozenset({"bin", "obj", "node_modules", "TestResults", "publish", "packages", "cdk.out"})
MAX_FOLDERS: Final = 400
MAX_FILES: Final = 2_000
MAX_DEPTH: Final = 8
_LONGEST: Final = 1_000_000
"""Characters of a file that is looked into for a class."""


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """Where a function of .NET begins; None where nothing of it is found."""
    folder = "" if folder in ("", ".") else posixpath.normpath(folder)
    custom = (wanted.runtime or "").startswith("provided")
    matched = _CLASS_METHOD.fullmatch(wanted.declared)
    written = [part.strip() for part in matched.groups()] if matched else None
    assembly = written[0] if written else posixpath.basename(wanted.declared.strip())
    if any(name.endswith(_OTHERS) for name in sources.entries(folder or ".")):
        return None
    projects_of = _projects(sources, wanted, folder, "" if assembly == "bootstrap" else assembly, custom)
    if not projects_of:
        return None
    if written is not None and not custom:
        class_, method = _without_generated(written[1], written[2])
        return _class(sources, projects_of, class_, method)
    return _program(sources, wanted, projects_of)


def _without_generated(class_: str, method: str) -> tuple[str, str]:
    """The class and the method that a generated class calls.

    >>> _without_generated("Api.Functions_Get_Generated", "Get")
    ('Api.Functions', 'Get')
    """
    if not class_.endswith(_GENERATED):
        return class_, method
    plain = class_.removesuffix(_GENERATED)
    return (plain.removesuffix(f"_{method}") if plain.endswith(f"_{method}") else plain.rpartition("_")[0]), method


# projects


def _projects(sources: Sources, wanted: Wanted, folder: str, assembly: str, custom: bool) -> list[str]:
    """The project that makes an assembly; several where it may be any of them."""
    inside = _project_files(sources, folder)
    below = inside or [one for one in _below(sources, folder) if not _is_test(one)]
    for group in (inside, below, list(_above(sources, folder, wanted.archive))):
        fitting = [one for one in group if _makes(sources, one, assembly)] if assembly else []
        if fitting:
            return fitting
    if assembly and not custom:
        named = sources.in_repository([assembly + projects.PROJECT])
        return _nearest(named, folder or posixpath.dirname(wanted.archive))
    if len(inside) == 1:
        return inside
    if made := _by_makefile(sources, wanted, folder):
        return [made]
    programs = [one for one in below if projects.is_program(_text(sources, one))]
    if len(programs) == 1:
        return programs
    names = {posixpath.basename(folder), posixpath.splitext(posixpath.basename(wanted.archive))[0], assembly}
    alike = [one for one in below if posixpath.basename(one).removesuffix(projects.PROJECT) in names]
    return alike[:1]


def _makes(sources: Sources, project: str, assembly: str) -> bool:
    return projects.assembly(_text(sources, project), project).lower() == assembly.lower()


def _text(sources: Sources, file: str) -> str:
    return projects.without_comments((sources.text(file) or "")[:_LONGEST])


def _project_files(sources: Sources, folder: str) -> list[str]:
    names = sources.entries(folder or ".")
    return [posixpath.join(folder, name) for name in names if name.endswith(projects.PROJECT)]


def _folders(sources: Sources, folder: str) -> Iterator[str]:
    """A folder and those below it, the nearest first, without outputs."""
    waiting = [(folder, 0)]
    for _ in range(MAX_FOLDERS):
        if not waiting:
            return
        one, depth = waiting.pop(0)
        yield one
        if depth < MAX_DEPTH:
            for name in sources.entries(one or "."):
                path = posixpath.join(one, name)
                if not name.startswith(".") and name not in _OUTPUTS and sources.is_folder(path):
                    waiting.append((path, depth + 1))


def _below(sources: Sources, folder: str) -> Iterator[str]:
    for one in _folders(sources, folder):
        if one != folder:
            yield from _project_files(sources, one)


def _above(sources: Sources, folder: str, archive: str) -> Iterator[str]:
    """The projects in the folders above one that is built (``bin/Release/net8.0/publish``)."""
    if not archive and sources.is_folder(folder or ".") and not _OUTPUTS & set(folder.split("/")):
        return
    above = folder
    for _ in range(MAX_DEPTH):
        if not above or above.endswith(".."):
            break
        above = posixpath.dirname(above)
        if sources.reaches(above or "."):
            yield from _project_files(sources, above)


def _nearest(files: Sequence[str], folder: str) -> list[str]:
    """The files of one name that share most of their path with a folder."""
    if len(files) < 2:
        return list(files)
    pieces = folder.split("/")

    def shared(file: str) -> int:
        own = file.split("/")
        return next((at for at, (one, other) in enumerate(zip(own, pieces, strict=False)) if one != other), len(own))

    most = max(map(shared, files))
    best = [file for file in files if shared(file) == most]
    return [file for file in best if not _is_test(file)] or best


def _is_test(file: str) -> bool:
    return _TEST.search(posixpath.basename(file).removesuffix(projects.PROJECT)) is not None


def _by_makefile(sources: Sources, wanted: Wanted, folder: str) -> str | None:
    """The project that the target of ``sam build`` names (``BuildMethod: makefile``)."""
    if wanted.metadata.get("BuildMethod") != "makefile":
        return None
    own = wanted.logical_id or wanted.label
    for path in name_of(folder):
        text = sources.text(path)
        for rule in read_makefile(text).of(f"build-{own}") if text is not None and len(text) < _LONGEST else ():
            for word in " ".join(rule.recipe).split():
                place = posixpath.normpath(posixpath.join(folder, word.strip("\"'").replace("\\", "/")))
                if place.endswith(projects.PROJECT) and sources.exists(place):
                    return place
                if "/" in word and sources.is_folder(place) and len(found := _project_files(sources, place)) == 1:
                    return found[0]
    return None


# what begins in a project


def _files(sources: Sources, project: str) -> Iterator[str]:
    """The sources of a project."""
    folder = posixpath.dirname(project)
    left = MAX_FILES
    waiting = [(folder, 0)]
    while waiting and left > 0:
        one, depth = waiting.pop(0)
        for name in sources.entries(one or "."):
            path = posixpath.join(one, name)
            if name.endswith(".cs"):
                left -= 1
                yield path
            elif name.startswith(".") or name in _OUTPUTS or depth >= MAX_DEPTH or not sources.is_folder(path):
                continue
            elif not _project_files(sources, path):
                waiting.append((path, depth + 1))


def _referred(sources: Sources, project: str, seen: dict[str, None]) -> Iterator[str]:
    """A project and those that it refers to."""
    waiting = deque([project])
    while waiting and len(seen) < MAX_FOLDERS:
        one = waiting.popleft()
        if one in seen or not sources.exists(one):
            continue
        seen[one] = None
        yield one
        base = posixpath.dirname(one)
        waiting += [
            posixpath.normpath(posixpath.join(base, other)) for other in projects.references(_text(sources, one))
        ]


def _class(sources: Sources, projects_of: Sequence[str], class_: str, method: str) -> Found | None:
    """The file that declares a class; one of several parts that has the method."""
    outer = class_.partition("+")[0]
    namespace, _, name = outer.rpartition(".")
    declares = re.compile(rf"\b(?:class|record|struct)\s+{re.escape(name)}\b")
    within = re.compile(rf"\bnamespace\s+{re.escape(namespace)}\b(?!\.)") if namespace else re.compile("")
    has = re.compile(rf"\b{re.escape(method)}\s*(?:<[^<>]*>\s*)?\(")
    symbol = f"{class_.replace('+', '.')}::{method}"
    found: list[str] = []
    for project in projects_of:
        for one in _referred(sources, project, {}):
            texts = ((file, (sources.text(file) or "")[:_LONGEST]) for file in _files(sources, one))
            fits = [(file, text) for file, text in texts if declares.search(text)]
            exact = [(file, text) for file, text in fits if within.search(text)] or (fits if len(fits) == 1 else [])
            if exact:
                found += [file for file, text in exact if has.search(text)][:1] or [exact[0][0]]
                break
    found = list(dict.fromkeys(found))
    if len(found) == 1:
        return Found(found[0], symbol, "csharp")
    return Found(None, symbol, "csharp", candidates=tuple(found))


def _program(sources: Sources, wanted: Wanted, projects_of: Sequence[str]) -> Found | None:
    """Where an assembly starts: its ``Main``, or the statements at the top of a file."""
    if len(projects_of) > 1:
        return Found(None, MAIN, "csharp", candidates=tuple(projects_of))
    for project in projects_of:
        files = sorted(_files(sources, project), key=lambda file: (file.count("/"), not file.endswith("Program.cs")))
        texts = {file: (sources.text(file) or "")[:_LONGEST] for file in files}
        if any(_GENERATES_MAIN.search(text) for text in texts.values()):
            return _annotated(wanted, texts)
        for file, text in texts.items():
            if (found := _MAIN.search(text)) is not None:
                return Found(file, f"{_enclosing(text, found.start())}::Main", "csharp")
        for file, text in texts.items():
            if _has_statements(text):
                return Found(file, MAIN, "csharp")
    return None


def _enclosing(text: str, offset: int) -> str:
    """The class that a method stands in, with its namespace where the file says one."""
    names = re.findall(r"\b(?:class|struct|record)\s+([A-Za-z_]\w*)", text[:offset])
    namespaces = re.findall(r"\bnamespace\s+([\w.]+)", text[:offset])
    return ".".join([*namespaces[-1:], *names[-1:]])


def _has_statements(text: str) -> bool:
    """Whether statements stand at the top of a file."""
    if not re.search(r"^[^\s/#\[{}].*[;({]\s*(?://.*)?$", text, re.MULTILINE):
        return False
    return any(child.type == "global_statement" for child in parsed(text.encode("utf-8", "replace")).root_node.children)


def _annotated(wanted: Wanted, texts: dict[str, str]) -> Found | None:
    """The method that a generated ``Main`` calls: ``ANNOTATIONS_HANDLER`` names it."""
    named = wanted.environment.get("ANNOTATIONS_HANDLER")
    method = named.literal if named is not None else None
    functions = re.compile(
        rf"\[LambdaFunction\b(?:.(?!\bclass\b)){{0,4000}}?\b{re.escape(method or '')}\s*\(", re.DOTALL
    )
    for file, text in texts.items():
        if method and (found := functions.search(text)) is not None:
            return Found(file, f"{_enclosing(text, found.start())}::{method}", "csharp")
    return None
