"""What a Terraform configuration's variables decide: names that are written with them, and needs that depend on them.

A configuration is read for the values that its variables have here; others may apply it with other values. It is read a
second time with each of them as a symbol: a name that differs by the symbol alone is written with the variable
(``"${var.env}-orders"``), and a function whose needs differ otherwise (a condition chooses its table) is not narrowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scopedown.core.text import Literal, Param, Part, Text
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project
from scopedown.scan import FunctionScan, ProjectScan
from scopedown.write.every_deployment import code_of, openable

_MOST = 100
"""Variables that are looked at one by one."""
_SHORT = 2
"""Characters of a value that is too common to be looked for in names."""


@dataclass(frozen=True)
class Variables:
    """``values`` are the variables' values here; ``elsewhere`` is the scan with symbols, None where it failed."""

    values: Mapping[str, str | bool]
    elsewhere: ProjectScan | None
    _known: dict[str, Text] = field(init=False)
    _needs: dict[str, set[tuple[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        known: dict[str, Text] = {}
        needs: dict[str, set[tuple[str, str]]] = {}
        for function in self.elsewhere.functions if self.elsewhere is not None else ():
            needs[self._here(Text.of(function.function.key))] = self._needs_of(function)
            for permission in function.permissions:
                for resource in permission.resources:
                    known[self._here(resource.arn)] = resource.arn
        roles = self.elsewhere.project.roles.values() if self.elsewhere is not None else ()
        for declared in (one for role in roles for one in role.statements):
            written = declared.statement.get("Resource")
            for one in written if isinstance(written, list | tuple) else [written]:
                arn = to_text(one, Scope())
                known.setdefault(self._here(arn), arn)
        object.__setattr__(self, "_known", known)
        object.__setattr__(self, "_needs", needs)

    def with_names(self, arn: Text) -> Text:
        """An ARN with the variables in it."""
        return self._known.get(str(arn), arn)

    def is_fixed(self, arn: Text) -> bool:
        """Whether the values of variables do not show in an ARN, or it is known how they come into it."""
        if str(arn) in self._known:
            return True
        said = "".join(part.value for part in arn.parts if isinstance(part, Literal)).lower()
        words = (value.lower() for value in self.values.values() if isinstance(value, str))
        return not any(len(word) >= _SHORT and word in said for word in words)

    def depends(self, function: FunctionScan) -> bool:
        """Whether a function needs something else where its variables have other values."""
        if not self.values:
            return False
        there = self._needs.get(function.function.key)
        return there is not None and there != self._needs_of(function)

    def _needs_of(self, function: FunctionScan) -> set[tuple[str, str]]:
        return {
            (permission.action, _plain(self._here(resource.arn)))
            for permission in function.permissions
            for resource in permission.resources
        }

    def _here(self, text: Text) -> str:
        """A text with the values that variables have here."""

        def known(part: Part) -> str | Part:
            value = self.values.get(part.name.removeprefix("var.")) if isinstance(part, Param) else None
            if value is None or not isinstance(part, Param) or not part.name.startswith("var."):
                return part
            return value if isinstance(value, str) else str(value).lower()

        return str(text.replace(known))


def without_code(
    project: Project, values: Mapping[str, str | bool], read: Callable[[frozenset[str]], Project]
) -> dict[str, str | bool]:
    """Variables without those that say which code runs (a path, a handler, a runtime): ``read`` reads the project with
    variables as symbols."""
    own = code_of(project)
    opened = openable([*values][:_MOST], lambda names: code_of(read(names)) == own)
    return {name: values[name] for name in values if name in opened}


def _plain(text: str) -> str:
    """Without the keys of instances, which a ``count`` that is not known does not give."""
    return re.sub(r"\[[^\]]*\]", "", text)
