"""Build commands followed: which archive and which folder of a build holds which sources.

In: the words of commands (:mod:`~scopedown.source.shell`), in the order in which a script has them. Out: the
copies that they make, and the content of each archive. Known are ``cd``, ``cp``, ``mv``, ``rsync``, ``ln``, ``rm``,
``mkdir``, ``zip`` and its like, ``pip install --target``, bundlers and compilers with their output named, and scripts,
``npm run`` and ``make``, which are followed. Nothing is run: a condition has both of its branches followed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from scopedown.project.code.copies import Copies, Laid
from scopedown.project.code.handler_files import Sources
from scopedown.source.shell import SEPARATORS, UNKNOWN, expand, lines_of, words_of

_MOST_COMMANDS: Final = 20_000
_MOST_NESTED: Final = 8
_MOST_ITEMS: Final = 300
_KEYWORDS: Final = frozenset(
    {
        "then", "do", "else", "if", "elif", "while", "until", "!", "{", "}", "time", "sudo", "exec", "command", "npx",
        "bunx", "shx", "fi", "done", "esac", "set", "poetry", "uv", "run", "cross-env", "nice", "yarn-run",
    }
)  # fmt: skip
_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_PACKS: Final = frozenset({"zip", "bestzip", "7z", "7za", "7zz", "cross-zip"})
_VALUED: Final = frozenset({"-t", "-b", "-n", "-P", "-i", "-tt", "-m", "--filter", "-e", "--exclude", "--include"})
_BUNDLERS: Final = frozenset({"esbuild", "ncc", "tsup", "rollup", "bun", "parcel", "rolldown"})
_COMPILERS: Final = frozenset({"tsc", "babel", "swc"})
_CODE: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")

_GO_VALUED: Final = frozenset(
    {"asmflags", "buildmode", "compiler", "gccgoflags", "gcflags", "installsuffix", "ldflags", "mod", "modfile",
     "overlay", "p", "pgo", "pkgdir", "tags", "toolexec"}
)  # fmt: skip
"""Options of ``go build`` that take a value."""

Follow = Callable[["Commands", str], None]
"""Follows what a name stands for (a script of package.json, a target of a Makefile), from the commands' folder."""


@dataclass(slots=True)
class Commands:
    """Follows commands from ``folder`` (absolute). ``on_disk``: the paths are those of the repository, so that what no
    command has copied may stand there; else (in an image) only what was copied is there."""

    sources: Sources
    folder: str
    copies: Copies = field(default_factory=Copies)
    variables: dict[str, str] = field(default_factory=dict)
    archives: dict[str, list[Laid]] = field(default_factory=dict)
    installs: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """The folders that pip or npm installs into, with what it is told; pip's target is not in it."""
    on_disk: bool = True
    npm: Follow | None = None
    make: Follow | None = None
    left: int = _MOST_COMMANDS
    _stack: list[str] = field(default_factory=list)
    _functions: dict[str, list[str]] = field(default_factory=dict)
    _nested: int = 0

    def script(self, text: str) -> None:
        """Follow a whole script."""
        words: list[str] = []
        for line in lines_of(text):
            words += [*words_of(line), ";"]
        self.run(words)

    def run(self, words: Sequence[str]) -> None:
        """Follow words with the operators between them."""
        position = 0
        while position < len(words) and self.left >= 0:
            word = words[position]
            if word == "for" and position + 2 < len(words) and words[position + 2] == "in":
                position = self._loop(words, position)
                continue
            if words[position + 1 : position + 3] == ["(", ")"] and re.fullmatch(r"[\w-]+", word):
                end = _closing(words, position + 3, "{", "}")
                self._functions[word] = list(words[position + 4 : end])
                position = end + 1
                continue
            if word == "(":
                self._stack.append(self.folder)
            elif word == ")":
                self.folder = self._stack.pop() if self._stack else self.folder
            if word in SEPARATORS or word in ("(", ")"):
                position += 1
                continue
            end = position
            while end < len(words) and words[end] not in SEPARATORS and words[end] not in ("(", ")"):
                end += 1
            self._command(words[position:end])
            position = end

    def _loop(self, words: Sequence[str], start: int) -> int:
        """``for NAME in …; do …; done``: once for each item."""
        name = words[start + 1]
        at = start + 3
        while at < len(words) and words[at] not in (";", "do"):
            at += 1
        items = [item for word in words[start + 3 : at] for item in self._items(word)]
        while at < len(words) and words[at] != "do":
            at += 1
        end = _closing(words, at, "do", "done")
        for item in items[:_MOST_ITEMS] or [UNKNOWN]:
            self.left -= 1
            if self.left < 0:
                break
            self.variables[name] = item
            folder = self.folder
            self.run(words[at + 1 : end])
            self.folder = folder
        return end + 1

    def _items(self, word: str) -> Iterator[str]:
        for part in expand(word, self._known()).split() or [UNKNOWN]:
            yield from self.matching(part)

    def _known(self) -> dict[str, str]:
        return {**self.variables, "PWD": self.folder}

    def matching(self, written: str) -> list[str]:
        """The paths that a pattern fits, as they are written; the pattern where there are none, or it is not known."""
        if UNKNOWN in written or not any(sign in written for sign in "*?["):
            return [written]
        only_folders = written.endswith("/")
        found = [""]
        for number, piece in enumerate(written.rstrip("/").split("/")):
            if not any(sign in piece for sign in "*?["):
                found = [posixpath.join(one, piece) if number else piece or "/" for one in found]
                continue
            found = [
                posixpath.join(one, name)
                for one in found
                for name in self._names(self.path(one or "."))
                if not name.startswith(".") and fnmatchcase(name, piece)
            ][:_MOST_ITEMS]
            self.left -= len(found)
        found = [one for one in found if self._is_there(self.path(one), only_folders)]
        return [one + "/" * only_folders for one in found] or [written]

    def _names(self, path: str) -> list[str]:
        names = dict.fromkeys(laid.inner.split("/")[0] for laid in self.copies.below(path) if laid.inner)
        places = [path] if self.on_disk else []
        for place in [*places, *self.copies.sources(path)][:20]:
            names.update(dict.fromkeys(self.sources.entries(self.sources.relative(place))))
        return sorted(names)

    def _is_there(self, path: str, folder: bool) -> bool:
        return not folder or self._is_folder(path)

    def _is_folder(self, path: str) -> bool:
        places = [path] if self.on_disk else []
        places += list(self.copies.sources(path))[:20]
        return self.copies.is_folder(path) or any(
            self.sources.is_folder(self.sources.relative(place)) for place in places
        )  # fmt: skip

    def path(self, written: str) -> str:
        """A path of a command, absolute."""
        return posixpath.normpath(posixpath.join(self.folder, written.replace("\\", "/")))

    # One command

    def _command(self, raw: Sequence[str]) -> None:
        self.left -= 1
        if self.left < 0:
            return
        words = [one for one in raw if one]
        while words:
            first = words[0].lstrip("@-") if not words[0].startswith("--") else words[0]
            assigned = _ASSIGNED.match(first)
            if assigned is not None:
                self.variables[assigned[1]] = expand(assigned[2], self._known())
            elif first in ("export", "local", "readonly", "declare") or first in _KEYWORDS:
                pass
            else:
                words[0] = first
                break
            words = words[1:]
        cut = next((number for number, word in enumerate(words) if word in ("<", ">", ">>", "<<", "2>")), len(words))
        words = words[:cut]
        if not words:
            return
        known = self._known()
        name, arguments = posixpath.basename(expand(words[0], known)), [expand(one, known) for one in words[1:]]
        if name in self._functions and self._nested < _MOST_NESTED:
            self._nested += 1
            given = {str(number): value for number, value in enumerate(arguments[:9], 1)}
            kept = {key: value for key, value in self.variables.items() if key.isdigit()}
            self.variables |= given
            self.run(self._functions[name])
            self.variables |= kept
            self._nested -= 1
            return
        self._known_command(name, arguments, expand(words[0], known))

    def _known_command(self, name: str, arguments: list[str], written: str) -> None:
        match name:
            case "cd" | "pushd":
                target = next((argument for argument in arguments if not argument.startswith("-")), "")
                if name == "pushd":
                    self._stack.append(self.folder)
                if target and target != "-":
                    self.folder = self.path(target)
            case "popd":
                self.folder = self._stack.pop() if self._stack else self.folder
            case "cp" | "mv" | "rsync" | "ln" | "install":
                self._copy(_plain(arguments), name)
            case "rm" | "rimraf" | "del-cli":
                for one in _plain(arguments):
                    self.copies.remove(self.path(one.rstrip("*")))
            case "mkdir" | "mkdirp":
                self.copies.folders.update(self.path(one) for one in _plain(arguments))
            case "pip" | "pip3":
                self._pip(arguments)
            case "go" if arguments[:1] == ["build"]:
                self._go(arguments[1:])
            case "env":
                self._command(arguments)
            case "python" | "python3" if arguments[:2] == ["-m", "pip"]:
                self._pip(arguments[2:])
            case "python" | "python3" if arguments[:2] == ["-m", "zipfile"] and "-c" in arguments:
                self._pack(arguments[arguments.index("-c") + 1 :], "zip")
            case "npm" | "yarn" | "pnpm":
                self._npm(name, arguments)
            case "make":
                self._make(arguments)
            case "bash" | "sh" | "zsh" | "source" | ".":
                plain = _plain(arguments)
                if plain:
                    self._script_file(plain[0], plain[1:])
            case _ if name in _PACKS:
                self._pack(arguments, name)
            case _ if name in _BUNDLERS or name in _COMPILERS:
                self._build(name, arguments)
            case _ if name.endswith((".sh", ".bash")):
                self._script_file(written, arguments)

    def _copy(self, arguments: list[str], name: str) -> None:
        if len(arguments) < 2:
            return
        *written, to = arguments
        target = self.path(to)
        self._charge()
        into = to.endswith(("/", "/.")) or len(written) > 1 or self._is_folder(target)
        for one in written:
            contents = one.endswith(("/.", "/*")) or one in (".", "*") or (name == "rsync" and one.endswith("/"))
            if contents:
                self._put(target, self.path(one.rstrip("*").rstrip("/") or "."))
                continue
            for item in self.matching(one):
                source = self.path(item)
                several = any(sign in one for sign in "*?[")
                place = posixpath.join(target, posixpath.basename(source)) if into or several else target
                self._put(place, source)

    def _put(self, place: str, source: str) -> None:
        self._charge()
        if self.left < 0:
            return
        for laid in reversed(self.copies.below(source)):
            self.copies.put(posixpath.join(place, laid.inner) if laid.inner else place, laid.source)
        if self.on_disk:
            self.copies.put(place, source)

    def _pip(self, arguments: list[str]) -> None:
        """The project's own packages that pip puts somewhere; those of others are none of its code."""
        target, places, position = None, [], 0
        while position < len(arguments):
            option, equals, value = arguments[position].partition("=")
            if option in ("-t", "--target", "--prefix"):
                position += not equals
                target = value if equals else next(iter(arguments[position : position + 1]), None)
            elif option in ("-r", "--requirement", "-c", "--constraint", "--platform", "-i", "--index-url"):
                position += not equals
            elif not option.startswith("-") and (option.startswith(".") or "/" in option):
                places.append(arguments[position])
            position += 1
        if target is not None and "install" in arguments and len(self.installs) < _MOST_ITEMS:
            self.installs.append((self.path(target), ("pip", *arguments)))
        for place in places if target is not None else ():
            for source in (self.path(place), self.path(posixpath.join(place, "src"))):
                self._put(self.path(target or "."), source)

    def _pack(self, arguments: list[str], name: str) -> None:
        """An archive's content: what it holds already, and what is added."""
        if name.startswith("7z"):
            arguments = arguments[1:] if arguments[:1] == ["a"] else []
        flat = any(re.fullmatch(r"-[a-zA-Z0-9]*j[a-zA-Z0-9]*", argument) for argument in arguments)
        plain = []
        position = 0
        while position < len(arguments):
            one = arguments[position]
            if one in ("-x", "--exclude"):  # all that follows is left out
                break
            if one in _VALUED:
                position += 1
            elif not one.startswith("-"):
                plain.append(one)
            position += 1
        if name == "cross-zip" and len(plain) == 2:
            plain.reverse()
        if not plain:
            return
        archive = self.path(plain[0] if plain[0].endswith((".zip", ".jar")) else plain[0] + ".zip")
        content = self.archives.setdefault(archive, [])
        for written in plain[1:]:
            for item in [written[:-1] or "." if written in ("*", "./*") else written]:
                for one in self.matching(item):
                    content += self._packed(one, flat)

    def _charge(self) -> None:
        """Looking at all copies takes longer the more there are, and counts as that much more."""
        self.left -= (len(self.copies.made) + len(self.copies.folders)) // 20

    def _packed(self, written: str, flat: bool) -> Iterator[Laid]:
        self._charge()
        path = self.path(written)
        inner = posixpath.normpath(written).lstrip("/")
        while inner.startswith("../"):
            inner = inner[3:]
        inner = "" if inner in (".", "..") else inner
        if flat:
            inner = posixpath.basename(inner) if posixpath.splitext(inner)[1] else ""
        for laid in self.copies.below(path):
            yield Laid(posixpath.join(inner, laid.inner) if laid.inner else inner, laid.source)
        if self.on_disk:
            yield Laid(inner, path)

    def _build(self, name: str, arguments: list[str]) -> None:
        """A bundler or a compiler whose output is named."""
        out, inputs, position = None, [], 0
        while position < len(arguments):
            option, equals, value = arguments[position].partition("=")
            if option in ("--outfile", "--outdir", "--out-dir", "--outDir", "-o", "-d", "--out", "--dist-dir"):
                position += not equals
                out = value if equals else next(iter(arguments[position : position + 1]), None)
            elif not option.startswith("-") and option != "build":
                inputs += self.matching(arguments[position])
            position += 1
        if out is None:
            return
        if name in _COMPILERS:
            for input_ in [*inputs, "src", "."] if name == "tsc" else inputs:
                if not input_.endswith(_CODE):
                    self._put(self.path(out), self.path(input_))
            return
        for input_ in inputs:
            if input_.endswith(_CODE) and out.endswith(_CODE):
                self._put(self.path(out), self.path(input_))
            elif input_.endswith(_CODE):
                stem = "index" if name == "ncc" else posixpath.splitext(posixpath.basename(input_))[0]
                self._put(self.path(f"{out}/{stem}.js"), self.path(input_))

    def _go(self, arguments: list[str]) -> None:
        """``go build -o OUT PACKAGES``: a program, named after its package where no name is given
        (https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies)."""
        out, inputs, position = "", [], 0
        while position < len(arguments):
            option, equals, value = arguments[position].partition("=")
            if option == "-o":
                position += not equals
                out = value if equals else next(iter(arguments[position : position + 1]), "")
            elif option.lstrip("-") in _GO_VALUED:
                position += not equals
            elif not option.startswith("-"):
                inputs += self.matching(arguments[position])
            position += 1
        whole = self.path(out) if out else self.folder
        for input_ in inputs or ["."]:
            source = self.path(input_)
            named = posixpath.splitext(posixpath.basename(source))[0]
            is_folder = not out or out.endswith("/") or len([one for one in inputs if not one.endswith(".go")]) > 1
            self._put(posixpath.join(whole, named) if is_folder else whole, source)

    # What is followed

    def _npm(self, name: str, arguments: list[str]) -> None:
        before = self.folder
        for number, one in enumerate(arguments):
            if one in ("--prefix", "-C", "--cwd", "--dir") and number + 1 < len(arguments):
                self.folder = self.path(arguments[number + 1])
                arguments = [*arguments[:number], *arguments[number + 2 :]]
                break
        words = [argument for argument in arguments if not argument.startswith("-")]
        if (words[:1] or ["install"])[0] in ("install", "i", "ci", "add") and len(self.installs) < _MOST_ITEMS:
            self.installs.append((self.folder, ("npm", *words)))
        if words[:1] in (["run"], ["run-script"]):
            words = words[1:]
        elif name == "npm":
            words = []
        if words and self.npm is not None:
            self._follow(self.npm, words[0])
        self.folder = before

    def _make(self, arguments: list[str]) -> None:
        before = self.folder
        if "-C" in arguments[:-1]:
            self.folder = self.path(arguments[arguments.index("-C") + 1])
            at = arguments.index("-C")
            arguments = arguments[:at] + arguments[at + 2 :]
        if self.make is not None:
            for one in _plain(arguments)[:20]:
                self._follow(self.make, one)
        self.folder = before

    def _script_file(self, written: str, arguments: Sequence[str]) -> None:
        text = self.sources.text(self.sources.relative(self.path(written))) if self.on_disk else None
        if text is not None:
            self.variables |= {str(number): value for number, value in enumerate(arguments[:9], 1)}
            self._follow(lambda commands, _: commands.script(text), written)

    def _follow(self, follow: Follow, name: str) -> None:
        if self._nested >= _MOST_NESTED or self.left < 0:
            return
        self._nested += 1
        folder = self.folder
        follow(self, name)
        self.folder = folder
        self._nested -= 1


def _plain(arguments: Sequence[str]) -> list[str]:
    """The arguments that are no options."""
    found, skipped = [], False
    for argument in arguments:
        if skipped:
            skipped = False
        elif argument in _VALUED:
            skipped = True
        elif not argument.startswith("-"):
            found.append(argument)
    return found


def _closing(words: Sequence[str], start: int, opening: str, closing: str) -> int:
    """Where what begins at ``start`` ends."""
    depth = 0
    for at in range(start, len(words)):
        depth += words[at] == opening
        depth -= words[at] == closing
        if depth == 0 and words[at] == closing:
            return at
    return len(words)
