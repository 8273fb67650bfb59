"""Constructs as a snippet names them: by their variables where the snippet goes, and their properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scopedown.catalog.load import catalog
from scopedown.core.text import AnyText, Att, EnvVar, ImportValue, Literal, Param, Part, Pseudo, Ref, Text, Unknown
from scopedown.permissions.bind import declared_of
from scopedown.project.cdk.constructs import Construct, construct_path, constructs
from scopedown.project.cdk.program.find import App, Found
from scopedown.project.cdk.program.grants import grants_to
from scopedown.project.cdk.program.model import Creation
from scopedown.project.model import DeclaredResource
from scopedown.write.constructs.spelling import PSEUDO, Code, Pieces, Spelling, quoted

_BUCKET = "AWS::S3::Bucket"


def sees(creation: Creation, at: Creation) -> bool:
    """Whether the variable of one construct is seen behind the line that makes another one, in the same object."""
    if creation.place.file != at.place.file:
        return False
    if creation.is_member:
        return creation.owner == at.owner and bool(creation.owner)
    if creation.blocks == at.blocks:
        return True
    is_around = at.blocks[: len(creation.blocks)] == creation.blocks
    return is_around and creation.place.line < at.place.line  # one that comes later is behind the block


@dataclass
class Names:
    """The names of one snippet, which goes where the construct ``at`` is made (None: nobody knows where)."""

    app: App
    spelling: Spelling
    at: Found | None
    notes: dict[str, str] = field(default_factory=dict)
    """What is said of names that the reader has to give: name → the sentence."""
    used: list[Creation] = field(default_factory=list)
    """The constructs whose variables the snippet uses."""
    imports: dict[str, None] = field(default_factory=dict)
    """The imports that the file lacks."""
    _given: dict[str, str] = field(default_factory=dict)

    def variable(self, resource: DeclaredResource) -> str:
        """The variable that holds a resource's construct; a name made of its id where none is seen, with a note."""
        id = resource.logical_id
        if id not in self._given:
            self._given[id] = self._variable(resource)
        return self._given[id]

    def _variable(self, resource: DeclaredResource) -> str:
        found = self.app.of(resource)
        creation = found.creation if found is not None else None
        at = self.at.creation if self.at is not None else None
        is_here = creation is not None and at is not None and sees(creation, at) and self._same_object(found)
        if found is not None and creation is not None and creation.variable and is_here:
            self.used.append(creation)
            return creation.variable
        if creation is not None and at is not None and (passed := self._passed(creation, at)):
            return passed
        path = construct_path(resource.attributes).removesuffix("/Resource") or resource.logical_id
        name = self.spelling.variable(path.rpartition("/")[2])
        taken = {*self._given.values(), *(one.variable for one in self._file_creations())}
        while name in taken:
            name += "_"
        self.notes[name] = _note(path, found, is_here)
        return name

    def _passed(self, creation: Creation, at: Creation) -> str:
        """How the place names a construct that is made elsewhere and passed to it (``props.orders``), by the grant on
        it that is there already; empty where there is none, or where several have different names."""
        if (creation.place.file, creation.owner) == (at.place.file, at.owner):
            return ""
        file = self.app.files.get(at.place.file)
        calls = grants_to([at], creation, [file]) if file is not None else ()
        names = {call.receiver for call in calls if call.blocks == at.blocks}
        return names.pop() if len(names) == 1 else ""

    def _file_creations(self) -> Sequence[Creation]:
        file = self.app.files.get(self.at.place.file) if self.at is not None else None
        return file.creations if file is not None else ()

    def _same_object(self, found: Found | None) -> bool:
        """Whether two constructs are in the same object: a class may be instantiated several times."""
        if found is None or self.at is None or found.creation is None or self.at.creation is None:
            return False
        if {found.creation.scope, self.at.creation.scope} <= {"this", "self"}:
            return _parent(found) == _parent(self.at)
        return found.path.partition("/")[0] == self.at.path.partition("/")[0]

    def symbol(self, module: str, name: str) -> str:
        """A symbol of aws-cdk-lib as the file names it."""
        file = self.app.files.get(self.at.place.file) if self.at is not None else None
        written, lacking = self.spelling.imported(file.imports if file is not None else {}, module, name)
        if lacking:
            self.imports[lacking] = None
        return written

    # Texts

    def own_arn(self, arn: Text) -> tuple[DeclaredResource, str] | None:
        """The resource of the app whose own ARN an ARN begins with, and the rest of it; None for any other."""
        declared = declared_of(self.app.project, catalog())
        for part in arn.parts:
            resource = self.app.project.resource(part.id) if isinstance(part, Ref | Att) else None
            own = declared.by_id.get(resource.logical_id) if resource is not None else None
            if resource is None or own is None:
                continue
            for form in (*((own.arn,) if own.arn is not None else ()), *own.said):
                literal = _behind(arn, form)
                if literal is not None and (not literal or literal[0] in "/:"):
                    return resource, literal
        return None

    def arn(self, arn: Text) -> str:
        """An ARN as an expression."""
        own = self.own_arn(arn)
        if own is not None:
            resource, rest = own
            property = self._arn_property(resource)
            if property and resource.type == _BUCKET and rest.startswith("/"):
                inner = self.spelling.text((rest[1:].replace("${", "${$}{"),))
                return f"{self.variable(resource)}.{self.spelling.name('arnForObjects')}({inner})"
            if property:
                written = Code(f"{self.variable(resource)}.{self.spelling.name(property)}")
                return self.spelling.text(_joined([written, rest.replace("${", "${$}{")]))
        return self.spelling.text(_joined([self._piece(part) for part in arn.parts]))

    def _arn_property(self, resource: DeclaredResource) -> str:
        """The property of a construct that is its resource's ARN; empty where none is known."""
        known = self.known(resource)
        if known is None:
            return ""
        return next((name for name in known.attributes.values() if name.endswith("Arn") and "Stream" not in name), "")

    def known(self, resource: DeclaredResource) -> Construct | None:
        """What is known of a resource's construct, where it is one of aws-cdk-lib's that have such properties (L2)."""
        found = self.app.of(resource)
        if found is not None and found.creation is not None and found.creation.kind.startswith("Cfn"):
            return None
        if not construct_path(resource.attributes).endswith("/Resource"):
            return None
        return constructs().get(resource.type)

    def _piece(self, part: Part) -> str | Code:
        match part:
            case Literal(value):
                return value.replace("${", "${$}{")
            case Pseudo(name) if name in PSEUDO:
                return Code(f"{self.symbol('', 'Aws')}.{PSEUDO[name]}")
            case Ref(id):
                return Code(self._attribute(id, "Ref"))
            case Att(id, name):
                return Code(self._attribute(id, name))
            case Param(name) | Pseudo(name):
                return Code(self._function("ref", name.rpartition("/")[2]))
            case ImportValue(name):
                value = self.spelling.text(_joined([self._piece(one) for one in name.parts])).replace('"', "'")
                return Code(f"{self.symbol('', 'Fn')}.{self.spelling.name('importValue')}({value})")
            case EnvVar() | AnyText() | Unknown():
                return "*"

    def _attribute(self, id: str, name: str) -> str:
        """What ``Ref`` or an attribute of a resource is, as a property of its construct."""
        resource = self.app.project.resource(id)
        if resource is None:
            return self._function("ref", id) if name == "Ref" else self._function("getAtt", id, name)
        known = self.known(resource)
        property = known.attributes.get(name) if known is not None else None
        if property is not None:
            return f"{self.variable(resource)}.{self.spelling.name(property)}"
        found = self.app.of(resource)
        if found is not None and found.creation is not None and found.creation.kind.startswith("Cfn"):
            written = "ref" if name == "Ref" else f"attr{name.replace('.', '')}"
            return f"{self.variable(resource)}.{self.spelling.name(written)}"
        own = id.rpartition("/")[2]
        return self._function("ref", own) if name == "Ref" else self._function("getAtt", own, name)

    def _function(self, name: str, *arguments: str) -> str:
        """An intrinsic function on a logical id, which holds in the stack of that id."""
        written = ", ".join(map(quoted, arguments))
        text = f"{self.symbol('', 'Fn')}.{self.spelling.name(name)}({written})"
        return f"{text}.{self.spelling.name('toString')}()" if name == "getAtt" else text


def _behind(arn: Text, form: Text) -> str | None:
    """What is behind a form with which an ARN begins, with ``*`` for what is open; None where it does not begin so."""
    number = len(form.parts)
    if not number:
        return None
    *same, last = form.parts
    if tuple(same) != arn.parts[: number - 1] or len(arn.parts) < number:
        return None
    here, rest = arn.parts[number - 1], Text(arn.parts[number:])
    if here == last:
        return _pattern(rest)
    if isinstance(here, Literal) and isinstance(last, Literal) and here.value.startswith(last.value):
        return _pattern(Text.of(here.value.removeprefix(last.value), rest))
    return None


def _pattern(text: Text) -> str | None:
    """A text of characters and wildcards; None where it refers to something."""
    if text.has(Ref, Att, Param, Pseudo, ImportValue):
        return None
    pieces = _joined([part.value if isinstance(part, Literal) else "*" for part in text.parts])
    return "".join(map(str, pieces))


def _joined(pieces: Sequence[str | Code]) -> Pieces:
    """Pieces without empty ones, neighbouring characters together, and wildcards next to each other as one."""
    found: list[str | Code] = []
    for one in pieces:
        if isinstance(one, str) and found and isinstance(last := found[-1], str):
            found[-1] = last if one == "*" and last.endswith("*") else last + one
        elif one != "":
            found.append(one)
    return tuple(found) or ("",)


def _parent(found: Found) -> str:
    return found.path.rpartition("/")[0]


def _note(path: str, found: Found | None, is_here: bool) -> str:
    if found is None:
        return f"the construct {path}; scopedown did not find the line that makes it"
    creation = found.creation
    if creation is None:
        return f"the construct {path}, made by {found.place.file}:{found.place.line}"
    where = f"{creation.place.file}:{creation.place.line}"
    if creation.variable and not is_here:
        return f"the construct {path}, {creation.variable} of {where}; pass it to this place"
    return f"the construct {path} of {where}; assign it to this variable"
