"""Where a function begins, by all that the repository tells: the one way for every kind of project.

In: a handler as it is configured, the folder or the archive that its code is said to be in, its environment. Out:
:class:`Located`, with what is to be told. The order: a vendor's wrapper is looked behind; a program that a script
starts is the program; the handler is looked for in its folder; an archive's content is what build scripts put into it,
else what the archive in the repository holds; last, the only file of the repository that fits is taken, and named.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.project.code.folders import find_in_folders
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found, find, language_of
from scopedown.project.code.placeholders import LONGEST, is_placeholder
from scopedown.project.code.start_commands import program_of
from scopedown.project.code.wanted import Wanted
from scopedown.project.code.wrappers import wrapped
from scopedown.project.findings import reported
from scopedown.project.model import Handler, InlineCode
from scopedown.source.language import languages

ARCHIVES: Final = (".zip", ".jar", ".war")
"""Endings of built packages."""


@dataclass(slots=True)
class Located:
    """``handler`` is None only where nothing can be said at all."""

    handler: Handler
    language: str | None
    search: tuple[str, ...] = ()
    unread: tuple[Unseen, ...] = ()
    findings: list[Finding] = field(default_factory=list)


def locate(sources: Sources, wanted: Wanted) -> Located:
    """Find where a function's code begins."""
    behind = wrapped(wanted.declared, wanted.environment)
    if behind is None:
        return _located(sources, wanted)
    if behind.handler:
        found = _located(sources, replace(wanted, declared=behind.handler))
        return replace(found, handler=replace(found.handler, declared=wanted.declared))
    remedy = (
        f"set the environment variable {behind.variable} to the function's own handler"
        if behind.variable
        else "set an environment variable that ends in _HANDLER to the function's own handler"
    )
    what = f"its handler {wanted.declared} is the wrapper of {behind.vendor}, and no variable names the real handler"
    missing = Handler(wanted.declared, None, wanted.declared.rpartition(".")[2])
    return Located(
        missing, language_of(wanted.runtime), (), (Unseen(Cause.WRAPPER, what, wanted.place, remedy=remedy),),
        [Finding("handler-wrapped", f"{wanted.label}: {what}", wanted.place, remedy)],
    )  # fmt: skip


_UPLOADED: Final = re.compile(r"[0-9a-f]{32}(\.zip)?")
"""What ``sam package`` and ``aws cloudformation package`` call what they upload: by the content that it had then, which
the code of the repository no longer need be
(https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html)."""


def _located(sources: Sources, wanted: Wanted) -> Located:
    language = language_of(wanted.runtime)
    program = program_of(sources, wanted.declared, wanted.runtime, wanted.folder or "", wanted.environment)
    if program is not None:
        return _with(sources, wanted, program, wanted.folder or "")
    if _UPLOADED.fullmatch(posixpath.basename(wanted.archive)):
        return _not_found(sources, wanted, Found(None, wanted.declared.rpartition(".")[2], language))
    own = find_in_folders(sources, wanted)
    if own is not None:
        if own.file is None:
            return _not_found(sources, wanted, own)
        return _of_folder(sources, wanted, own)
    if wanted.archive and language in (None, "python", "javascript"):
        located = _in_archive(sources, wanted)
        if located is not None:
            return located
    if wanted.folder is not None:
        found = _found(sources, wanted, wanted.folder)
    elif language in ("python", "javascript") or not wanted.runtime:
        found = _found(sources, wanted, posixpath.dirname(wanted.archive))
        if found.file is not None and not found.elsewhere:  # beside the archive
            found = replace(found, elsewhere=True)
    else:
        found = Found(None, wanted.declared.rpartition(".")[2], language)
    if found.outside:
        return _fail(wanted, "handler-outside", found, f"its handler {wanted.declared} is outside the repository",
            "correct the path; outside a git repository scopedown reads the project's folder only",
        )  # fmt: skip
    if found.file is None:
        return _not_found(sources, wanted, found)
    root = wanted.folder or ""
    located = _with(sources, wanted, found, posixpath.dirname(found.file) if found.elsewhere else root)
    if found.elsewhere:
        where = wanted.archive or wanted.folder
        located.findings.append(
            reported(
                "handler-elsewhere folder",
                wanted.place,
                label=wanted.label,
                declared=wanted.declared,
                value=f"a file in {where}" if where else "where it says",
                file=found.file,
                why_taken=found.why_taken,
            )
        )
    return located


def _found(sources: Sources, wanted: Wanted, folder: str) -> Found:
    """The handler's file; where the runtime is not known, that of the only language that has one."""

    def of(runtime: str | None) -> Found:
        return find(sources, wanted.declared, runtime, folder, True, wanted.others, wanted.all_names, wanted.shared)

    own = of(wanted.runtime)
    if own.file is not None or wanted.runtime:
        return own
    found = [one for one in map(of, ("python", "nodejs")) if one.file is not None]
    return found[0] if len(found) == 1 else own


def _of_folder(sources: Sources, wanted: Wanted, found: Found) -> Located:
    """A handler that a language's own rules found; of an archive it is said what was read instead."""
    located = _with(sources, wanted, found, wanted.folder or posixpath.dirname(found.file or ""))
    if wanted.archive:
        located.findings.append(
            reported("handler-built", wanted.code_place, label=wanted.label, archive=wanted.archive, file=found.file)
        )
    return located


def _with(sources: Sources, wanted: Wanted, found: Found, root: str, search: tuple[str, ...] = ()) -> Located:
    """A handler that was found; its source may stand in for another."""
    handler = Handler(wanted.declared, found.file, found.symbol, root)
    text = sources.text(found.file) if found.file is not None else None
    return Located(handler, found.language, search, _stand_in(text, wanted, found.file or ""))


def _stand_in(text: str | None, wanted: Wanted, what: str) -> tuple[Unseen, ...]:
    if text is None or len(text) > LONGEST or not is_placeholder(text):
        return ()
    return (placeholder(what, Place(what)),)


def placeholder(what: str, place: Place) -> Unseen:
    """Source that stands in for code that is deployed later."""
    return Unseen(
        Cause.PLACEHOLDER, f"{what} is a placeholder for code that is deployed later", place,
        remedy="scan the source that is deployed",
    )  # fmt: skip


# Archives


def _in_archive(sources: Sources, wanted: Wanted) -> Located | None:
    from scopedown.project.code.archives import find_packed

    packed = find_packed(sources, wanted.archive, wanted.declared, wanted.runtime)
    if packed is not None:
        located = _with(sources, wanted, packed.found, packed.root, packed.search)
        located.findings.append(
            reported(
                "handler-built put",
                wanted.code_place,
                label=wanted.label,
                archive=wanted.archive,
                file=packed.found.file,
                how=packed.how,
            )
        )
        return located
    if not sources.exists(wanted.archive) or not wanted.archive.endswith(".zip"):
        return None
    if wanted.folder is not None:
        there = find(sources, wanted.declared, wanted.runtime, wanted.folder, anywhere=False)
        if there.file is not None:  # the source stands where the handler says
            return None
    from scopedown.project.code.zip_files import find_zipped

    language = language_of(wanted.runtime)
    zipped = find_zipped(Path(sources.absolute(wanted.archive)), wanted.declared, language)
    if zipped is None or (zipped.wrong and not zipped.hollow):
        return None
    place = Place(wanted.archive)
    if zipped.hollow:
        what = f"the archive {wanted.archive} {zipped.wrong}"
        remedy = "build the archive, or set the code to the folder of its source"
        missing = Handler(wanted.declared, None, wanted.declared.rpartition(".")[2])
        return Located(
            missing, language, (), (Unseen(Cause.PLACEHOLDER, what, place, remedy=remedy),),
            [Finding("archive-hollow", f"{wanted.label}: {what}", wanted.code_place, remedy)],
        )  # fmt: skip
    same = [
        path for path in sources.in_repository([zipped.name])
        if path.endswith(zipped.name) and sources.text(path) == zipped.text
    ]  # fmt: skip
    if len(same) == 1:  # the archive is a copy of it: what it imports is there too
        found = Found(same[0], zipped.symbol, _language(zipped.name))
        return _with(sources, wanted, found, same[0][: -len(zipped.name)].rstrip("/"))
    note = reported("archive-read", wanted.code_place, label=wanted.label, name=zipped.name, archive=wanted.archive)
    handler = Handler(wanted.declared, zipped.name, zipped.symbol, "", InlineCode(zipped.text, place))
    unread = _stand_in(zipped.text, wanted, f"{zipped.name} in {wanted.archive}")
    return Located(handler, _language(zipped.name), (), unread, [note])


def _language(name: str) -> str:
    return "python" if name.endswith(".py") else "javascript"


# What was not found


def _not_found(sources: Sources, wanted: Wanted, found: Found) -> Located:
    declared = wanted.declared
    if found.candidates:
        where = wanted.archive or wanted.folder or "the project"
        return _fail(wanted, "handler-not-found", found,
            f"scopedown did not find its handler {declared} in {where}, and {found.why_not_taken}",
            "set the code to the folder of its source",
        )  # fmt: skip
    from scopedown.project.code.folders import unread_language

    if unread := unread_language(sources, wanted.runtime, declared, wanted.folder or "", found.language):
        remedy = "name what it needs with # scopedown: needs ACTION on TARGET in the project file"
        code = "handler-packaged" if wanted.archive else "runtime-unknown" if found.language is None else ""
        place = wanted.code_place if wanted.archive else wanted.place
        return _fail(wanted, "" if wanted.quiet else code, found, unread, remedy, Severity.NOTE, place)
    if wanted.archive:
        what = f"its code is the built package {wanted.archive}, which scopedown cannot read"
        if wanted.quiet:
            return _fail(wanted, "", found, what, "scan the source that the package is built from")
        return _fail(wanted, "handler-packaged", found, what,
        "scan the source that the package is built from", Severity.NOTE,
            wanted.code_place,
        )  # fmt: skip
    language = found.language
    if wanted.quiet:
        return _fail(wanted, "", found, f"scopedown did not find the source of its handler {declared}", "")
    if language in languages() or language == "typescript":
        return _fail(wanted, "handler-not-found", found,
            f"scopedown did not find the source of its handler {declared} in {wanted.folder or 'the project'}",
            "correct the handler, or scan the folder of its source",
        )  # fmt: skip
    what = (
        f"scopedown did not find the source of {declared} (runtime {wanted.runtime})"
        if wanted.runtime
        else f"scopedown did not find the source of {declared}"
    )
    return _fail(wanted, "runtime-unknown" if wanted.runtime else "", found, what, "", Severity.NOTE)


def _fail(
    wanted: Wanted,
    code: str,
    found: Found,
    what: str,
    remedy: str,
    severity: Severity = Severity.WARNING,
    place: Place | None = None,
) -> Located:
    findings = [Finding(code, f"{wanted.label}: {what}", place or wanted.place, remedy, severity)] if code else []
    handler = Handler(wanted.declared, None, found.symbol, wanted.folder or "")
    unread = (Unseen(Cause.SOURCE, what, place or wanted.place, remedy=remedy),)
    return Located(handler, found.language, (), unread, findings)
