"""A Makefile's rules, read and never run: https://www.gnu.org/software/make/manual/make.html."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scopedown.source.shell import UNKNOWN, expand, lines_of, words_of

if TYPE_CHECKING:
    from scopedown.project.code.build_commands import Commands

MAKEFILES: Final = ("Makefile", "makefile", "GNUmakefile")
_RULE: Final = re.compile(r"([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^=]*)\Z")
_SET: Final = re.compile(
    r"(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(?::::=|::=|:=|\?=|\+=|=)\s*(.*)\Z", re.DOTALL
)
_REFERENCE: Final = re.compile(r"(?<!\$)\$[({]([A-Za-z_][\w.-]*)[)}]")
_LATER: Final = {"ARTIFACTS_DIR": "${ARTIFACTS_DIR}"}
"""What SAM sets when it runs a target: in a variable's value it stays as it is written."""


@dataclass(slots=True)
class Rule:
    """A target with what it needs, and the lines that make it."""

    target: str
    needs: list[str]
    recipe: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Makefile:
    """The rules and the variables of one file."""

    rules: list[Rule] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def of(self, target: str) -> list[Rule]:
        """The rules that make a target."""
        return [rule for rule in self.rules if rule.target == target]

    def run(self, rule: Rule, commands: Commands, depth: int = 0) -> None:
        """Follow a rule's recipe after those of what it needs; each line begins in the Makefile's folder."""
        folder, before = commands.folder, dict(commands.variables)
        if depth < 5:
            for need in rule.needs[:50]:
                for one in self.of(need)[:1]:
                    self.run(one, commands, depth + 1)
        for line in rule.recipe:
            commands.folder = folder
            needs = " ".join(rule.needs).replace("%", UNKNOWN)
            commands.variables |= {
                **self.variables, **before, "CURDIR": folder, "MAKE": "make", "*": UNKNOWN,
                "@": rule.target.replace("%", UNKNOWN), "<": needs.partition(" ")[0], "^": needs,
            }  # fmt: skip
            commands.run(words_of(_written_out(line, self.variables).replace("$$", "$")))
        commands.folder = folder


def _written_out(line: str, variables: dict[str, str]) -> str:
    """A line with the Makefile's variables in it, as text: one may stand for a whole command."""
    return _REFERENCE.sub(lambda found: variables.get(found[1], found[0]), line)


def read_makefile(text: str) -> Makefile:
    """The rules of a Makefile; what is not understood is left out."""
    made = Makefile()
    current: list[Rule] = []
    for line in lines_of(text):
        if line.startswith("\t"):
            for rule in current:
                rule.recipe.append(line.strip().lstrip("@-+"))
            continue
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        assigned = _SET.match(stripped)
        if assigned is not None:
            made.variables.setdefault(assigned[1], expand(assigned[2].strip(), {**_LATER, **made.variables}))
            continue
        current = []
        found = _RULE.match(stripped)
        if found is not None and len(made.rules) < 500:
            needs, _, inline = found[2].partition(";")
            for target in expand(found[1], made.variables).split()[:50]:
                rule = Rule(target, [part for part in expand(needs, made.variables).split()[:100] if part != "|"])
                if inline.strip():
                    rule.recipe.append(inline.strip())
                current.append(rule)
                made.rules.append(rule)
    return made


def name_of(folder: str) -> list[str]:
    """The Makefiles that a folder may have."""
    return [posixpath.join(folder, name) for name in MAKEFILES]
