"""Maven and Gradle builds: where a module's sources stand, and the modules of the repository that it is built with.

In: a folder and a way to read files (:class:`Files`). Build files are read as text: nothing is run, and what they
compute is not known. Kotlin's builds are the same.

Sources: https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html,
https://maven.apache.org/guides/introduction/introduction-to-the-pom.html,
https://docs.gradle.org/current/userguide/multi_project_builds.html,
https://docs.gradle.org/current/userguide/building_java_projects.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

POM: Final = "pom.xml"
GRADLE: Final = ("build.gradle", "build.gradle.kts")
SETTINGS: Final = ("settings.gradle", "settings.gradle.kts")
BUILD_FILES: Final = (POM, *GRADLE)
STANDARD: Final = ("src/main/java", "src/main/kotlin")
"""Where both tools look for sources of a module, unless they are told otherwise."""
OUTPUTS: Final = frozenset({"target", "build", "out", "bin", "dist", ".aws-sam", ".serverless", "cdk.out"})
"""Folders that builds write to."""

MAX_MODULES: Final = 200
"""Modules of one repository that are looked at."""
MAX_TEXT: Final = 400_000
"""Characters of one build file that are read."""


class Files(Protocol):
    """The files of a repository, by paths with forward slashes."""

    def read(self, path: str) -> str | None:
        """The text of a file, None where there is none."""

    def entries(self, path: str) -> Sequence[str]:
        """The names in a folder."""

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""

    def above(self, path: str) -> str | None:
        """The folder above one; None above the repository's."""


def module_of(files: Files, folder: str) -> str | None:
    """The nearest folder with a build file, from a folder upwards."""
    for one in _upwards(files, folder):
        if any(name in BUILD_FILES for name in files.entries(one)):
            return one
    return None


def _upwards(files: Files, folder: str) -> Iterator[str]:
    present: str | None = folder
    for _ in range(40):
        if present is None:
            return
        yield present
        present = files.above(present)


def source_folders(files: Files, module: str) -> list[str]:
    """The folders of a module's sources that exist: the standard ones, and those that its build file names."""
    named = [*STANDARD, *_named_sources(files, module)]
    found = [join(module, one) for one in dict.fromkeys(named) if files.is_folder(join(module, one))]
    if not found and files.is_folder(join(module, "src")):
        found = [join(module, "src")]
    if not found and any(name.endswith((".java", ".kt")) for name in files.entries(module)):
        found = [module]
    return found


def join(folder: str, below: str) -> str:
    """A path below a folder, without ``.`` and ``..`` in it."""
    return posixpath.normpath(posixpath.join(folder, below.replace("\\", "/")))


def text_of(files: Files, path: str) -> str:
    """The text of a build file without comments; empty where there is none."""
    text = (files.read(path) or "")[:MAX_TEXT]
    if path.endswith(".xml"):
        return without(text, "<!--", "-->")
    return without(re.sub(r"(?m)(?<!:)//.*$", "", text), "/*", "*/")


def between(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where the pieces between two marks begin and end, the marks included. Each part of the text is passed once."""
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        yield start, end + len(closing)
        start = text.find(opening, end + len(closing))


def without(text: str, opening: str, closing: str) -> str:
    """A text without what stands between two marks.

    >>> without("a/*b*/c/*d", "/*", "*/")
    'ac/*d'
    """
    kept, last = [], 0
    for start, end in between(text, opening, closing):
        kept.append(text[last:start])
        last = end
    return "".join((*kept, text[last:]))


_POM_SOURCES: Final = re.compile(r"<(?:sourceDirectory|source)>\s*([^<>]+?)\s*</(?:sourceDirectory|source)>")
_GRADLE_SOURCES: Final = re.compile(r"\bsrcDirs?\b[^\n]*")
_QUOTED: Final = re.compile(r"""["']([^"'\n]{1,200})["']""")


def _named_sources(files: Files, module: str) -> Iterator[str]:
    for path in _POM_SOURCES.findall(text_of(files, join(module, POM))):
        plain = path.replace("${project.basedir}", ".").replace("${basedir}", ".")
        if "/" in plain or plain.startswith("src"):  # <source> is also a version of the language
            yield plain
    for name in GRADLE:
        for line in _GRADLE_SOURCES.findall(text_of(files, join(module, name))):
            yield from (one for one in _QUOTED.findall(line) if not one.startswith("/"))


def modules_below(files: Files, folder: str) -> list[str]:
    """A folder's module and those that it lists, and so on."""
    found: dict[str, None] = {}
    waiting = [folder]
    while waiting and len(found) < MAX_MODULES:
        one = waiting.pop(0)
        if one in found:
            continue
        found[one] = None
        waiting += _listed(files, one)
    return list(found)


_MODULE: Final = re.compile(r"<module>\s*([^<>]+?)\s*</module>")
_INCLUDE: Final = re.compile(r"\binclude\b\s*\(?((?:[^)\n]|,\s*\n)*)")
_PLACED: Final = re.compile(
    r"""project\(\s*["'](:[^"']+)["']\s*\)\s*\.\s*projectDir\s*=\s*(?:\w+\.)*(?:new\s+File\([^,\n]*,|file\()\s*["']([^"']+)["']"""
)


def _listed(files: Files, folder: str) -> list[str]:
    """The modules that a folder's build files list."""
    below = [one.removesuffix("/" + POM) for one in _MODULE.findall(text_of(files, join(folder, POM)))]
    found = [join(folder, one) for one in below]
    return [*found, *_projects(files, folder).values()]


def _projects(files: Files, folder: str) -> dict[str, str]:
    """The projects of a Gradle build, by their paths (``:a:b``), where a folder has its settings."""
    found: dict[str, str] = {}
    for name in SETTINGS:
        text = text_of(files, join(folder, name))
        for line in _INCLUDE.findall(text):
            for one in _QUOTED.findall(line):
                path = ":" + one.strip(":")
                found[path] = join(folder, path.strip(":").replace(":", "/"))
        for path, place in _PLACED.findall(text):
            found[path] = join(folder, place)
    return dict(list(found.items())[:MAX_MODULES])


def dependencies(files: Files, module: str) -> list[str]:
    """The modules of the repository that a module is built with, and so on; the module itself comes first."""
    found: dict[str, None] = {}
    waiting = [module]
    while waiting and len(found) < MAX_MODULES:
        one = waiting.pop(0)
        if one in found:
            continue
        found[one] = None
        waiting += [*_maven_dependencies(files, one), *_gradle_dependencies(files, one)]
    return list(found)


# Maven

_ARTIFACT: Final = re.compile(r"<artifactId>\s*([^<>\s]+)\s*</artifactId>")
_RELATIVE: Final = re.compile(r"<relativePath>\s*([^<>\s]*)\s*</relativePath>")
_APART: Final = ("dependencyManagement", "build", "profiles", "reporting")
"""Elements whose dependencies are none of the module's code."""


def _plain_pom(text: str) -> str:
    for name in _APART:
        text = without(text, f"<{name}>", f"</{name}>")
    return text


def artifact_of(text: str) -> str | None:
    """A module's own name in its pom.xml."""
    plain = without(_plain_pom(text), "<parent>", "</parent>")
    found = _ARTIFACT.search(without(plain, "<dependency>", "</dependency>"))
    return found[1] if found else None


def _maven_dependencies(files: Files, module: str) -> Iterator[str]:
    text = text_of(files, join(module, POM))
    if not text:
        return
    wanted: dict[str, None] = {}
    place, seen = module, {module}
    while text:
        plain = _plain_pom(text)
        for start, end in between(plain, "<dependency>", "</dependency>"):
            if artifact := _ARTIFACT.search(plain, start, end):
                wanted[artifact[1]] = None
        parent = next(between(text, "<parent>", "</parent>"), None)
        if parent is None:
            break
        relative = _RELATIVE.search(text, *parent)
        above = join(place, (relative[1] if relative else "..") or "..").removesuffix("/" + POM)
        if above in seen or len(seen) > 20:
            break
        seen.add(above)
        place, text = above, text_of(files, join(above, POM))
    if wanted:
        known = _artifacts(files, module, wanted)
        yield from (known[one] for one in wanted if one in known)


def _artifacts(files: Files, module: str, wanted: Iterable[str]) -> dict[str, str]:
    """The modules of the repository around a module, by their names: those that a pom.xml above lists, and those that
    stand beside it in a folder that is called as what is wanted, or as its end (``shared`` of ``app-shared``)."""
    names = {end for name in wanted for end in (name, *_ends(name))}
    found: dict[str, str] = {}
    seen: set[str] = set()
    for folder in _upwards(files, module):
        beside = [join(folder, one) for one in files.entries(folder) if one in names and one not in OUTPUTS]
        for one in (*modules_below(files, folder), *beside):
            if one in seen or len(seen) > 10 * MAX_MODULES:
                continue
            seen.add(one)
            text = text_of(files, join(one, POM)) if POM in files.entries(one) else ""
            if text and (artifact := artifact_of(text)):
                found.setdefault(artifact, one)
    return found


def _ends(name: str) -> Iterator[str]:
    parts = name.split("-")
    return ("-".join(parts[start:]) for start in range(1, min(len(parts), 6)))


# Gradle

_PROJECT: Final = re.compile(r"""\bproject\s*\(?\s*(?:path\s*[:=]\s*)?["'](:[\w.:-]+)["']""")
_ACCESSOR: Final = re.compile(r"\bprojects\.([A-Za-z_][\w.]*)")


def _gradle_dependencies(files: Files, module: str) -> Iterator[str]:
    text = "\n".join(text_of(files, join(module, name)) for name in GRADLE)
    paths, accessors = _PROJECT.findall(text), _ACCESSOR.findall(text)
    if not paths and not accessors:
        return
    for folder in _upwards(files, module):
        if not any(name in SETTINGS for name in files.entries(folder)):
            continue
        known = _projects(files, folder)
        for path in paths:
            yield known.get(path) or join(folder, path.strip(":").replace(":", "/"))
        by_accessor = {_accessor(path): place for path, place in known.items()}
        yield from (by_accessor[one] for one in accessors if one in by_accessor)
        return


def _accessor(path: str) -> str:
    """How a project is called in Kotlin's and Groovy's build scripts.

    >>> _accessor(":shared-code:my_model")
    'sharedCode.myModel'
    """
    return ".".join(
        first + "".join(word[:1].upper() + word[1:] for word in rest)
        for first, *rest in (re.split(r"[-_]", part) for part in path.strip(":").split(":"))
    )
