"""Project files of C# (``*.csproj``, ``Directory.Build.props``), read as text: what a few of their elements say.

They are never built; of conditions and properties nothing is worked out. The elements are those of
https://learn.microsoft.com/visualstudio/msbuild/common-msbuild-project-items.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

PROJECT = ".csproj"
SHARED = "Directory.Build.props"
"""What MSBuild reads for every project below a folder
(https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory)."""

# An element that is not closed ends at the next one, so that no file is looked through once more for each of them.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INCLUDE = r"\s[^<>]*?\bInclude\s{0,20}=\s{0,20}[\"']([^\"'<>]+)[\"']"
_REFERENCE = re.compile("<ProjectReference" + _INCLUDE)
_COMPILED = re.compile("<Compile" + _INCLUDE)
_USING = re.compile(r"<Using\s([^<>]*)>")
_PACKAGE = re.compile("<PackageReference" + _INCLUDE)
_ATTRIBUTE = re.compile(r"\b(\w+)\s{0,20}=\s{0,20}[\"']([^\"']*)[\"']")
_ASSEMBLY = re.compile(r"<AssemblyName>([^<$]+)</AssemblyName>")
_OUTPUT = re.compile(r"<OutputType>\s*Exe\s*</OutputType>", re.IGNORECASE)
_WEB = re.compile(r"Sdk\s*=\s*[\"']Microsoft\.NET\.Sdk\.(?:Web|Worker)[\"'/]")


def without_comments(text: str) -> str:
    """The text of a project file without its comments."""
    return _COMMENT.sub("", text)


def references(text: str) -> Iterator[str]:
    """The project files that a project refers to, relative to its folder, with forward slashes.

    >>> list(references('<ProjectReference Include="..\\\\Shared\\\\Shared.csproj" />'))
    ['../Shared/Shared.csproj']
    """
    for found in _REFERENCE.finditer(text):
        for one in found[1].split(";"):
            yield _path(one)


def compiled(text: str) -> Iterator[str]:
    """The folders outside of its own from which a project takes files."""
    for found in _COMPILED.finditer(text):
        path = _path(found[1])
        if path.startswith("../"):
            folder = path.partition("*")[0] if "*" in path else posixpath.dirname(path) + "/"
            yield folder.rstrip("/")


def _path(written: str) -> str:
    path = written.strip().replace("\\", "/")
    return path.replace("$(MSBuildThisFileDirectory)", "").replace("$(MSBuildProjectDirectory)/", "")


def usings(text: str) -> Iterator[tuple[str, str]]:
    """The namespaces that every file of a project opens, with the alias (or nothing) under which they are known."""
    for found in _USING.finditer(text):
        given = dict(_ATTRIBUTE.findall(found[1]))
        if name := given.get("Include", "").strip():
            yield name, given.get("Alias", "").strip()


def packages(text: str) -> list[str]:
    """The NuGet packages that a project refers to."""
    return _PACKAGE.findall(text)


def assembly(text: str, file: str) -> str:
    """The name of the assembly that a project makes.

    >>> assembly("<Project/>", "src/Hello.Api/Hello.Api.csproj")
    'Hello.Api'
    """
    found = _ASSEMBLY.search(text)
    return found[1].strip() if found and not found[1].isspace() else posixpath.basename(file).removesuffix(PROJECT)


def is_program(text: str) -> bool:
    """Whether what a project makes has a start of its own."""
    return _OUTPUT.search(text) is not None or _WEB.search(text) is not None
