"""The project's symbolic texts as they are in the deployed stack.

In: a :class:`~scopedown.core.text.Text` of the scan or of the project. Out: text: a ``Ref`` is the physical id that the
resource got, ``Fn::GetAtt`` its attribute, a pseudo parameter the place of the deployment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.guard.cloudformation.template import Made


@dataclass
class Deployed:
    """A stack: its resources by logical id, and what pseudo parameters, parameters and exports mean in it."""

    made: Mapping[str, Made]
    pseudo: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    """What was asked for and has no value here."""
    is_whole: bool = True
    """Whether all is made; while it is not, a pattern matches nothing of what is not there yet."""

    def text(self, text: Text, unknown: str = "") -> str:
        """The text; each part without a value is ``unknown``."""
        return "".join(self._part(part, unknown, False) for part in text.parts)

    def pattern(self, text: Text) -> str:
        """The text as a pattern in a policy: what is not known is ``*``, and known text means itself."""
        written = "".join(self._part(part, "*", True) for part in text.parts)
        while "**" in written:
            written = written.replace("**", "*")
        return written

    def document(self, tree: Any) -> Any:
        """A policy document of the scan as plain JSON."""
        if isinstance(tree, Text):
            return self.pattern(tree)
        if isinstance(tree, Mapping):
            return {key: self.document(value) for key, value in tree.items()}
        return [self.document(one) for one in tree] if isinstance(tree, list | tuple) else tree

    def _part(self, part: Part, unknown: str, is_pattern: bool) -> str:
        match part:
            case Literal(value):
                # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: ${$} is a dollar
                return value.replace("${", "${$}{") if is_pattern else value
            case Ref(id):
                return self.made[id].physical if id in self.made else self._unmade(id, unknown)
            case Att(id, name):
                given = self.made[id].attributes.get(name) if id in self.made else None
                if given is None and id not in self.made:
                    return self._unmade(f"{id}.{name}", unknown)
                return str(given) if given is not None else self._none(f"{id}.{name}", unknown)
            case Pseudo(name):
                return self.pseudo.get(name) or self._none(name, unknown)
            case Param(name):
                return self.parameters.get(name) or self._none(name, unknown)
            case ImportValue(name):
                export = self.text(name)
                return self.exports.get(export) or self._none(f"the export {export}", unknown)
            case EnvVar(_, default) if default is not None:
                return self.text(default, unknown)
            case EnvVar() | AnyText() | Unknown():
                return unknown
            case _:
                assert_never(part)

    def _unmade(self, name: str, unknown: str) -> str:
        return self._none(name, unknown if self.is_whole else f"not-made-yet-{name}")

    def _none(self, name: str, unknown: str) -> str:
        self.missing[name] = None
        return unknown
