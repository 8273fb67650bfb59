"""Changes to a source that keep its meaning, made on its syntax tree: what is found in it must stay the same.

Each mutation takes a source, the entry's name and a seeded generator and gives the changed source (with further files
beside it), or None where the source has nothing of the kind. Where the tree leaves a doubt (a name that is a keyword
argument as well, text of several lines that would be indented) the place is left alone.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

_LANGUAGES = {
    "python": Language(tree_sitter_python.language()),
    "javascript": Language(tree_sitter_javascript.language()),
    "typescript": Language(tree_sitter_typescript.language_typescript()),
    "tsx": Language(tree_sitter_typescript.language_tsx()),
}

FUNCTIONS = {
    "function_definition", "lambda", "function_declaration", "function_expression", "arrow_function",
    "method_definition", "generator_function_declaration", "generator_function",
}  # fmt: skip


@dataclass(frozen=True)
class Mutated:
    """A changed source; ``beside`` are files of its folder by name."""

    source: str
    beside: Mapping[str, str] = field(default_factory=dict)


Mutation = Callable[[str, str, random.Random, str], Mutated | None]


def language_of(name: str) -> str:
    """The grammar for a file's name."""
    if name.endswith(".py"):
        return "python"
    return "tsx" if name.endswith("x") else "typescript" if name.endswith((".ts", ".mts", ".cts")) else "javascript"


def parse(source: str, language: str) -> Node:
    """The root of a source's tree."""
    return Parser(_LANGUAGES[language]).parse(source.encode()).root_node


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def text(node: Node) -> str:
    """What stands there."""
    return (node.text or b"").decode()


def replaced(source: str, changes: list[tuple[int, int, str]]) -> str:
    """The source with stretches of bytes exchanged."""
    data = source.encode()
    for start, end, new in sorted(changes, reverse=True):
        data = data[:start] + new.encode() + data[end:]
    return data.decode()


def enclosing(node: Node) -> Node | None:
    """The innermost function around a node."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


# renamed locals


def _assigned(function: Node) -> set[str]:
    """The names that a function itself assigns or declares (its parameters are left alone)."""
    found: set[str] = set()
    for node in walk(function):
        target = None
        if node.type in ("assignment", "for_statement", "augmented_assignment"):
            target = node.child_by_field_name("left")
        elif node.type == "variable_declarator":
            target = node.child_by_field_name("name")
        if target is not None and target.type == "identifier" and enclosing(node) == function:
            found.add(text(target))
    return found


def _doubtful(function: Node) -> set[str]:
    """Names that stand for something else in the function as well: parameters, keyword arguments, shorthand members,
    names of other scopes."""
    found: set[str] = set()
    for node in walk(function):
        match node.type:
            case "keyword_argument":
                if (name := node.child_by_field_name("name")) is not None:
                    found.add(text(name))
            case "global_statement" | "nonlocal_statement" | "parameters" | "lambda_parameters" | "formal_parameters":
                found.update(text(one) for one in walk(node) if one.type == "identifier")
            case "shorthand_property_identifier" | "shorthand_property_identifier_pattern":
                found.add(text(node))
            case "arrow_function":
                if (single := node.child_by_field_name("parameter")) is not None:
                    found.add(text(single))
            case "import_statement" | "import_from_statement" | "class_definition" | "for_in_clause":
                found.update(text(one) for one in walk(node) if one.type == "identifier")
    return found


def rename_locals(source: str, entry: str, chance: random.Random, language: str) -> Mutated | None:
    """Every local variable gets another name."""
    changes: dict[int, tuple[int, int, str]] = {}
    for function in walk(parse(source, language)):
        if function.type not in FUNCTIONS:
            continue
        for name in _assigned(function) - _doubtful(function):
            for node in walk(function):
                if node.type != "identifier" or text(node) != name:
                    continue
                parent = node.parent
                if (
                    parent is not None
                    and parent.type == "attribute"
                    and parent.child_by_field_name("attribute") == node
                ):
                    continue
                changes[node.start_byte] = (node.start_byte, node.end_byte, f"{name}_local")
    return Mutated(replaced(source, list(changes.values()))) if changes else None


# an extracted function


def _extractable(source: str, language: str) -> list[tuple[Node, Node, list[str]]]:
    """(statement, function, variables) of the statements that are a call and nothing else."""
    found = []
    for node in walk(parse(source, language)):
        if node.type != "expression_statement" or (function := enclosing(node)) is None:
            continue
        inside = list(walk(node))
        refused = {"this", "super", "yield", "yield_expression", "assignment", "assignment_expression", "lambda",
                   "named_expression", "arrow_function", "function_expression", "list_comprehension",
                   "generator_expression", "update_expression", "augmented_assignment", "dictionary_comprehension",
                   "set_comprehension", "ERROR", "augmented_assignment_expression", "comment"}  # fmt: skip
        if any(one.type in refused for one in inside) or not any(
            one.type in ("call", "call_expression") for one in inside
        ):
            continue
        names = {text(one) for one in inside if one.type in ("identifier", "shorthand_property_identifier")}
        if "super" in names or "locals" in names or "arguments" in names or "await" in names:
            continue
        local: set[str] = set()
        around: Node | None = function
        while around is not None:
            for one in walk(around):
                if one.type in ("parameters", "formal_parameters", "lambda_parameters"):
                    local |= {
                        text(name)
                        for name in walk(one)
                        if name.type in ("identifier", "shorthand_property_identifier_pattern")
                    }
                elif one.type == "identifier" and one.parent is not None and one.parent.type != "attribute":
                    local |= {text(one)} if _binds(one) else set()
                elif one.type == "shorthand_property_identifier_pattern":
                    local.add(text(one))
            around = enclosing(around)
        found.append((node, function, sorted(names & local)))
    return found


def _binds(identifier: Node) -> bool:
    """Whether the identifier is bound here: in any pattern of an assignment, a loop, an import, a ``with``."""
    node: Node = identifier
    while (parent := node.parent) is not None and parent.type not in FUNCTIONS:
        for name in ("left", "name", "alias", "parameter"):
            if parent.child_by_field_name(name) == node and parent.type != "keyword_argument":
                return parent.type != "call"
        if parent.type in ("as_pattern_target", "import_statement", "import_from_statement", "catch_clause"):
            return True
        if parent.type.endswith("statement"):
            return False
        node = parent
    return node.parent is not None and node.parent.type == "arrow_function"


def extract_function(source: str, entry: str, chance: random.Random, language: str) -> Mutated | None:
    """A statement becomes a function of the module, which is called in its place."""
    candidates = _extractable(source, language)
    if not candidates:
        return None
    statement, _, variables = chance.choice(candidates)
    body, listed = text(statement).rstrip(";"), ", ".join(variables)
    waits = any(node.type in ("await", "await_expression") for node in walk(statement))
    if language == "python":
        start = statement.start_point[1]
        body = textwrap.indent(textwrap.dedent(" " * start + body), "    ")
        if "\n" in body and any(node.type == "string" and "\n" in text(node) for node in walk(statement)):
            return None
        declared = f"\n\n{'async ' if waits else ''}def extracted({listed}):\n{body}\n"
        called = f"{'await ' if waits else ''}extracted({listed})"
        return Mutated(replaced(source, [(statement.start_byte, statement.end_byte, called)]) + declared)
    declared = f"\n{'async ' if waits else ''}function extracted({listed}) {{\n  return {body};\n}}\n"
    called = f"{'await ' if waits else ''}extracted({listed});"
    return Mutated(replaced(source, [(statement.start_byte, statement.end_byte, called)]) + declared)


# moved to another file


def move_to_file(source: str, entry: str, chance: random.Random, language: str) -> Mutated | None:
    """All of the file stands in another one, which the entry's file imports."""
    if language == "python":
        return Mutated(f"from moved_elsewhere import {entry}\n", {"moved_elsewhere.py": source})
    extension = {"typescript": ".ts", "tsx": ".tsx"}.get(language, ".js")
    if re.search(r"^export\b", source, re.MULTILINE):
        moved = f"export {{ {entry} }} from './moved_elsewhere';\n"
    else:
        moved = f"module.exports = {{ {entry}: require('./moved_elsewhere').{entry} }};\n"
    return Mutated(moved, {f"moved_elsewhere{extension}": source})


# turned into a class


def entry_in_class(source: str, entry: str, chance: random.Random, language: str) -> Mutated | None:
    """The entry is a method of an object that a class makes."""
    if language == "python":
        return Mutated(
            source
            + textwrap.dedent(f"""

            class Holder:
                def __init__(self, inner):
                    self.inner = inner

                def run(self, event, context):
                    return self.inner(event, context)


            {entry} = Holder({entry}).run
            """)
        )
    held = textwrap.dedent("""
        class Holder {
          constructor(inner) { this.inner = inner; }
          run(event, context, callback) { return this.inner(event, context, callback); }
        }
        """)
    if re.search(r"^export\b", source, re.MULTILINE):
        moved = move_to_file(source, entry, chance, language)
        assert moved is not None
        lines = f"import {{ {entry} as inner }} from './moved_elsewhere';\n{held}const holder = new Holder(inner);\n"
        return Mutated(
            f"{lines}export const {entry} = (event, context, callback) => holder.run(event, context, callback);\n",
            moved.beside,
        )
    last = f"module.exports.{entry} = ((holder) => (event, context, callback) => holder.run(event, context, callback))"
    return Mutated(f"{source}\n{held}\n{last}(new Holder(module.exports.{entry}));\n")


def function_in_class(source: str, entry: str, chance: random.Random, language: str) -> Mutated | None:
    """A plain function of the module becomes a static method."""
    root = parse(source, language)
    kind = "function_definition" if language == "python" else "function_declaration"
    plain = []
    for node in root.children:
        name = node.child_by_field_name("name")
        if node.type == kind and name is not None and text(name) != entry:
            several = any(
                one.type in ("string", "template_string") and "\n" in text(one) for one in walk(node)
            )  # indenting would change it
            own = any(one.type in ("this", "ERROR") for one in walk(node))
            if not several and not own:
                plain.append((node, text(name)))
    if not plain:
        return None
    node, name = chance.choice(plain)
    if language == "python":
        body = textwrap.indent(text(node), "    ")
        new = f"class Held:\n    @staticmethod\n{body}\n\n\n{name} = Held.{name}\n"
        return Mutated(replaced(source, [(node.start_byte, node.end_byte, new)]))
    body = text(node).replace("function ", "", 1)
    word = "static " + ("async " if body.startswith("async ") else "")
    held = f"function {name}(...given) {{\n  return Held.{name}(...given);\n}}\nclass Held {{\n"
    new = held + f"  {word}{body.removeprefix('async ')}\n}}\n"
    return Mutated(replaced(source, [(node.start_byte, node.end_byte, new)]))


MUTATIONS: Mapping[str, Mutation] = {
    "locals renamed": rename_locals,
    "function extracted": extract_function,
    "moved to another file": move_to_file,
    "entry in a class": entry_in_class,
    "function in a class": function_in_class,
}
