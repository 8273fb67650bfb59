"""The files of a Terraform configuration: which module each is of, which policies can be changed, who else uses them.

A policy is changed where its text is one role's alone: it is in a file of the configuration's own folder, one resource
holds it, and nothing else names it. What is not so stays, with why.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from scopedown.core.place import Place
from scopedown.documents.nodes import ListNode
from scopedown.emit.splice.edits import SpliceError
from scopedown.emit.splice.hcl_text import HclText
from scopedown.emit.splice.text import HCL
from scopedown.project.model import Project
from scopedown.project.roles import ATTACHED, statements_of
from scopedown.project.terraform.remote import MODELLED, modelled_file
from scopedown.project.terraform.syntax import MAX_BYTES
from scopedown.write.texts import Spot, Steps, Texts

_POLICY: Final = ("resource.aws_iam_role_policy.", "resource.aws_iam_policy.", "resource.aws_iam_role.")
_DOCUMENT: Final = "data.aws_iam_policy_document."
_ATTACHMENT: Final = "resource.aws_iam_role_policy_attachment."
_ATTACHMENTS: Final = "resource.aws_iam_policy_attachment."
"""It attaches a policy to lists of roles, users and groups."""


@dataclass
class Configuration:
    """The files of a project, as far as they are its own."""

    project: Project
    texts: Texts
    _reasons: dict[Spot, str] = field(default_factory=dict)
    _sources: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def folder(self) -> str:
        """The folder of the root module, below the project's."""
        return posixpath.dirname(self.project.config)

    @cached_property
    def _files(self) -> dict[str, dict[str, HclText | None]]:
        """The files of HCL as the project was read from them, by folder and by name; None for one that is not HCL."""
        root = self.texts.root
        found: dict[str, dict[str, HclText | None]] = defaultdict(dict)
        for folder in {self.folder, *(posixpath.dirname(one.place.file) for one in self.project.resources.values())}:
            there = {posixpath.join(folder, path.name) for path in (root / folder).glob("*") if path.is_file()}
            made = {name for name in self.texts.names() if posixpath.dirname(name) == folder}
            for name in sorted(there | made):
                if name.endswith((*HCL, ".tf.json")):
                    found[folder][name] = self._text(name)
        return found

    def _text(self, name: str) -> HclText | None:
        try:
            if name in self.texts.names() and isinstance(text := self.texts.of(name), HclText):
                return text
            return HclText((self.texts.root / name).read_text(encoding="utf-8-sig"), name)
        except (OSError, ValueError, SpliceError):
            return None

    # Modules

    @cached_property
    def _prefixes(self) -> dict[str, set[str]]:
        """The modules that the resources in a folder are of, by what begins their addresses."""
        found: dict[str, set[str]] = defaultdict(set)
        for id, resource in self.project.resources.items():
            found[posixpath.dirname(resource.place.file)].add(module_of(id))
        found[self.folder] = {""}
        return found

    def module(self, folder: str) -> str | None:
        """What begins the addresses of the module that a folder is called as; None where that is not one."""
        prefixes = sorted(self._prefixes.get(folder, ()), key=len)
        is_one = bool(prefixes) and all(one.startswith(prefixes[0]) for one in prefixes)
        return prefixes[0] if is_one else None

    def why_not_ours(self, folder: str) -> str:
        """Why the files of a folder are not written; empty where they are."""
        if not _within(folder, self.folder) or ".terraform" in folder.split("/"):
            return "is outside the configuration's folder"
        return "is called several times" if self.module(folder) is None else ""

    def counted(self, id: str) -> bool:
        """Whether there may be several of a resource, and its address does not say which it is."""
        return not id.endswith("]") and (self._says(id, "count") or self._says(id, "for_each"))

    def is_elsewhere(self, id: str) -> bool:
        """Whether a resource names a provider, and so may be in another region than the module's data sources."""
        calls = [(f"module.{name}", "providers") for name in re.findall(r"module\.([\w-]+)", module_of(id))]
        texts = [text for folder in self._files.values() for text in folder.values() if text is not None]
        called = any(text.has(call) for call in calls for text in texts)
        return called or self._says(id, "provider") or self._says(id, "region")

    def _says(self, id: str, argument: str) -> bool:
        """Whether a resource has an argument."""
        resource = self.project.resource(id)
        address = re.sub(r"\[[^\]]*\]$", "", id[len(module_of(id)) :])
        file = resource.place.file if resource is not None else ""
        text = self._files.get(posixpath.dirname(file), {}).get(file)
        return text is not None and text.has((f"resource.{address}", argument))

    def block(self, file: str, address: str) -> str:
        """The text of a block, as it was, without comments; empty where it is not found."""
        text = self._files.get(posixpath.dirname(file), {}).get(file)
        return text.code_of(address) if text is not None else ""

    # Who names a thing

    def users(self, folder: str, address: str) -> list[str]:
        """The blocks of a folder's files that name something (``data.aws_iam_policy_document.read``), each as often as
        it does; ``?`` is a file that cannot be read."""
        files = self._files.get(folder, {}).values()
        return [user for text in files for user in (["?"] if text is None else text.users(address))]

    # Policies

    @cached_property
    def _holders(self) -> Mapping[Place, set[str]]:
        """The resources that hold the statement at a place."""
        found: dict[Place, set[str]] = defaultdict(set)
        for id, resource in self.project.resources.items():
            documents = [resource.properties.get("PolicyDocument")] if resource.type in ATTACHED else []
            if resource.type == "AWS::IAM::Role":
                policies = resource.properties.get("Policies")
                listed = policies if isinstance(policies, list) else ()
                documents += [one.get("PolicyDocument") for one in listed if isinstance(one, Mapping)]
            for document in documents:
                for statement in statements_of(document, resource.place):
                    if statement.place is not None:
                        found[statement.place].add(id)
        return found

    def holders_of(self, roles: Collection[str]) -> set[str]:
        """The resources that hold a statement of one of these roles."""
        places = {one.place for role in roles for one in self.project.roles[role].statements}
        return {id for place in places if place is not None for id in self._holders.get(place, ())}

    def spot(self, place: Place | None, role: str) -> Spot:
        """Where a statement of a role can be changed. Raises SpliceError, with why it cannot."""
        if place is None:
            raise SpliceError("its place in the files is unknown", None)
        holders = self._holders.get(place, set())
        if len(holders) > 1:
            raise SpliceError("several resources have the policy that contains it", place)
        folder = posixpath.dirname(place.file)
        if why := self.why_not_ours(folder):
            raise SpliceError(f"its module {why}", place)
        if not place.file.endswith((*HCL, ".json")):
            raise SpliceError("it is not in a file that scopedown can change", place)
        text = self.texts.of(place.file)
        paths = [*text.paths_at(place.line, place.column), *text.values_at(place.line, place.column)]
        path = next((one for one in paths if one[-2:-1] == ("Statement",) or one[-1:] == ("Statement",)), None)
        if path is None or text.kind(path) != "mapping":
            raise SpliceError("it is not written as a plain statement of one policy", place)
        spot = place.file, path
        if spot not in self._reasons:
            self._reasons[spot] = self._why_common(place.file, path, role)
        if self._reasons[spot]:
            raise SpliceError(self._reasons[spot], place)
        return spot

    def _why_common(self, file: str, path: Steps, role: str) -> str:
        """Why the policy at a path is not one role's alone; empty where it is."""
        folder, top = posixpath.dirname(file), str(path[0])
        if file.endswith(".json"):
            count = sum(len(self.users(one, posixpath.basename(file))) for one in self._files)
            return "" if count == 1 else "more than one policy may read its file"
        for _ in range(3):
            if top.startswith(_POLICY):
                return self._why_attached(folder, top, role)
            if top.startswith("module.") and modelled_file(self._call(f"{top}.")[1]) == "lambda.tf":
                return ""
            if top.startswith(_DOCUMENT):
                address = top
            elif top == "locals":
                address = f"local.{path[1]}"
            else:
                return f"{top} holds the policy that contains it"
            users = self.users(folder, address)
            if len(users) != 1:
                return f"{address} is used {'in several places' if users else 'in no policy'}"
            top = users[0]
            file = next((name for name in self._files.get(folder, {}) if self.block(name, top)), file)
        return "its policy is put together from several ones"

    def _why_attached(self, folder: str, top: str, role: str) -> str:
        address = top.removeprefix("resource.")
        if not top.startswith("resource.aws_iam_policy."):
            return ""
        own = re.sub(r"\[[^\]]*\]", "", role[len(module_of(role)) :])
        for user in self.users(folder, address):
            if user == f"resource.{own}":
                continue
            text = self._text_of(folder, user)
            names = re.search(rf"(?<![\w.-]){re.escape(own)}(?![\w-])", text)
            is_one = user.startswith(_ATTACHMENT) or (user.startswith(_ATTACHMENTS) and _is_of_one_role(text))
            if not is_one or names is None:
                return f"{user.removeprefix('resource.')} also uses {address}"
        return ""

    def _text_of(self, folder: str, address: str) -> str:
        return next((text for name in self._files.get(folder, {}) if (text := self.block(name, address))), "")

    # Blocks that go

    def owners(self, file: str, path: Steps) -> list[Spot]:
        """The blocks that go with the last statement of a policy: the policy, its attachments, its data source. Raises
        SpliceError where something else names one of them."""
        folder, top = posixpath.dirname(file), str(path[0])
        going = [top]
        if top.startswith(_DOCUMENT):
            going += self.users(folder, top)
        policy = going[-1]
        if not policy.startswith(_POLICY[:2]):
            raise _last(top, file)
        if policy.startswith("resource.aws_iam_policy."):
            going += self.users(folder, policy.removeprefix("resource."))
        for one in going[1 if top.startswith(_DOCUMENT) else 0 :]:
            if set(self.users(folder, one.removeprefix("resource."))) - {*going}:
                raise _last(policy, file)
        return [self.top(folder, one) for one in dict.fromkeys(going)]

    def top(self, folder: str, address: str) -> Spot:
        """Where a block is. Raises SpliceError."""
        for name in self._files.get(folder, {}):
            if name.endswith(HCL) and self.texts.of(name).has((address,)):
                return name, (address,)
        raise SpliceError(f"{address} is not written here", Place(self.project.config), "change it by hand")

    def attachment(self, place: Place | None) -> list[Spot]:
        """What goes with a managed policy that is attached at a place. Raises SpliceError, with why it cannot."""
        if place is None or not _within(posixpath.dirname(place.file), self.folder) or not place.file.endswith(HCL):
            raise SpliceError("scopedown cannot change where it is attached", place)
        text = self.texts.of(place.file)
        for path in text.paths_at(place.line, place.column):
            if path[-1] == "policy_arn" and str(path[0]).startswith(_ATTACHMENT):
                address = str(path[0]).removeprefix("resource.")
                if text.has((path[0], "for_each")) or text.has((path[0], "count")):
                    raise SpliceError("for_each or count attaches it", place)
                users = self.users(posixpath.dirname(place.file), address)
                if users:
                    raise SpliceError(f"{users[0].removeprefix('resource.')} names its attachment", place)
                return [(place.file, path[:1])]
            if path[-2:-1] == ("managed_policy_arns",):
                return [(place.file, path)]
        raise SpliceError("scopedown cannot change where it is attached", place)

    # Names

    def source(self, folder: str, type: str) -> str | None:
        """The name of a data source of a folder's files that asks for this account and region."""
        return self._plain_sources(folder).get(type)

    def _plain_sources(self, folder: str) -> Mapping[str, str]:
        """The first data source without arguments of each type, by its type."""
        if folder not in self._sources:
            found = self._sources[folder] = {}
            for text in self._files.get(folder, {}).values():
                for address in text.keys(()) if text is not None else ():
                    kind, _, rest = str(address).partition(".")
                    block = text.code_of(str(address)) if text is not None and kind == "data" else ""
                    if kind == "data" and not block.partition("{")[2].strip(" \t\r\n}"):
                        found.setdefault(rest.rpartition(".")[0], rest.rpartition(".")[2])
        return self._sources[folder]

    def is_taken(self, folder: str, label: str) -> bool:
        """Whether a block of a folder's files may have a label, in JSON or invalid HCL too."""
        files = self._files.get(folder, {}).items()
        return any(f'"{label}"' in (text.code if text is not None else self._raw(name)) for name, text in files)

    def _raw(self, name: str) -> str:
        """The text of a file that is not HCL, as far as a file of HCL may go; empty where it cannot be read."""
        try:
            with (self.texts.root / name).open("rb") as file:
                return file.read(MAX_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def output(self, module: str, *expressions: str) -> str | None:
        """The expression for an output of a module that the root module calls, which gives one of these values."""
        call = module.removesuffix(".")
        for text in self._outputs(module):
            for one in text.keys(()):
                value = text.value((one, "value")) if str(one).startswith("output.") else None
                if value and re.sub(r"^try\((.*), (?:null|\"\")\)$", r"\1", value) in expressions:
                    return f"{call}.{str(one).removeprefix('output.')}"
        return None

    def _outputs(self, module: str) -> Iterator[HclText]:
        """The files of a module that the root module calls."""
        _, source = self._call(module)
        if (modelled := modelled_file(source)) is not None:
            yield HclText((MODELLED / modelled).read_text(encoding="utf-8"), modelled)
        else:
            folder = next((one for one, prefixes in self._prefixes.items() if module in prefixes), None)
            yield from (text for text in self._files.get(folder or "?", {}).values() if text is not None)

    def _call(self, module: str) -> tuple[str, str]:
        """The address of a module's call in the root module, and its source; empty where it is called elsewhere."""
        address = re.sub(r"\[[^\]]*\]", "", module).removesuffix(".")
        for text in self._files.get(self.folder, {}).values() if address.count(".") == 1 else ():
            if text is not None and text.has((address,)):
                return address, text.value((address, "source")) or ""
        return "", ""

    def input(self, module: str, expression: str) -> str | None:
        """The variable of a module to which its call in the root module gives an expression."""
        address, _ = self._call(module)
        for text in self._files.get(self.folder, {}).values() if address else ():
            for name in text.keys((address,)) if text is not None else ():
                if text is not None and text.value((address, name)) == expression:
                    return f"var.{name}"
        return None

    def stranger(self, role: str) -> str:
        """A module that scopedown did not read and that is given a role; empty for none."""
        module = module_of(role)
        place = self.project.roles[role].place
        folder = posixpath.dirname(place.file) if place is not None else self.folder
        own = re.sub(r"\[[^\]]*\]", "", role[len(module) :])
        for user in self.users(folder, own):
            if user.startswith("module.") and not any(one.startswith(f"{module}{user}.") for one in self._read):
                return user
        return ""

    @cached_property
    def _read(self) -> set[str]:
        """The modules whose resources were read, without the keys of several ones."""
        return {re.sub(r"\[[^\]]*\]", "", one) for one in set(map(module_of, self.project.resources))}


def module_of(id: str) -> str:
    """What begins the address of a resource's module: empty for the root's.

    >>> module_of('module.api["a"].aws_iam_role.fn')
    'module.api["a"].'
    """
    match = re.match(r'(?:module\.[\w-]+(?:\[(?:\d+|"[^"]*")\])?\.)*', id)
    return match[0] if match else ""


def attached(properties: Mapping[str, object]) -> Iterator[tuple[object, Place | None]]:
    """The managed policies of a role, each with the place where it is attached."""
    listed = properties.get("ManagedPolicyArns")
    if isinstance(listed, ListNode):
        yield from zip(listed, [*listed.items_at, *[None] * len(listed)], strict=False)
    elif listed is not None:
        yield listed, None


def _within(folder: str, outer: str) -> bool:
    return outer in ("", folder) or folder.startswith(f"{outer}/")


def _last(address: str, file: str) -> SpliceError:
    return SpliceError(
        f"no statement of {address.removeprefix('resource.')} is needed, and IAM refuses a policy without one",
        Place(file), "remove the policy by hand",
    )  # fmt: skip


def _is_of_one_role(text: str) -> bool:
    """Whether an ``aws_iam_policy_attachment`` names one role, and neither users nor groups."""
    roles = re.search(r"^[ \t]*roles[ \t]*=[ \t]*\[([^\[\]]*)\]", text, re.MULTILINE)
    named = [one for one in (roles[1] if roles is not None else "").split(",") if one.strip()]
    if len(named) != 1 or named[0].split()[0] == "for":  # ``for`` makes a list of several
        return False
    return re.search(r"^[ \t]*(?:users|groups)[ \t]*=", text, re.MULTILINE) is None
