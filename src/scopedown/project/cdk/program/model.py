"""What a file of a CDK app says: the constructs that it makes, the classes that it declares, the calls that grant."""

from __future__ import annotations

from dataclasses import dataclass, field

from scopedown.core.place import Place


@dataclass(frozen=True, slots=True)
class Creation:
    """A construct that is made: ``const orders = new dynamodb.Table(this, 'Orders', …)``."""

    kind: str
    """The class's own name: ``Table``."""
    id: str | None
    """``Orders``; None where the program works it out."""
    scope: str
    """The construct around it as it is written: ``this``, ``self``, ``app``."""
    variable: str
    """The variable that holds it, as its name is used: ``orders``, ``this.orders``, ``self.orders``; empty where none
    does, or where the variable holds other constructs too."""
    owner: str
    """The class in which it is made; empty outside of classes."""
    blocks: tuple[int, ...]
    """Where the blocks begin (in bytes) that a variable is visible in, from the outermost to the innermost."""
    place: Place
    last_line: int
    """The line on which its statement ends."""

    @property
    def is_member(self) -> bool:
        """Whether the variable is one of the object's, which all of its methods see."""
        return "." in self.variable


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method: ``orders.grantReadData(save)``."""

    receiver: str
    method: str
    arguments: tuple[str, ...]
    """The arguments that are variables: ``save``, ``this.save``."""
    literals: frozenset[str]
    """All strings inside of the call's arguments."""
    owner: str
    blocks: tuple[int, ...]
    place: Place
    text: str
    """The call as it is written, on one line."""
    variable: str = ""
    """Of a policy statement, the variable that holds it."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class with the names of those that it extends: ``ShopStack``, ``("Stack",)``."""

    name: str
    bases: tuple[str, ...]


@dataclass(slots=True)
class SourceFile:
    """One file of an app."""

    name: str
    """Relative to the project's folder."""
    language: str
    """``typescript`` (JavaScript too) or ``python``."""
    creations: list[Creation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    statements: list[Call] = field(default_factory=list)
    """The policy statements that it makes (``new iam.PolicyStatement(…)``)."""
    strings: dict[str, list[Place]] = field(default_factory=dict)
    """The places of each short string."""
    classes: list[Class] = field(default_factory=list)
    imports: dict[str, str] = field(default_factory=dict)
    """What is imported of the CDK, by its whole name, with the name that the file has for it:
    ``aws-cdk-lib/aws-iam`` → ``iam``, ``aws-cdk-lib/aws-iam:PolicyStatement`` → ``PolicyStatement``."""
