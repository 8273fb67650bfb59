"""What a resource or data source answers, whether HCL or a plan declares it."""

from __future__ import annotations

from typing import Any, Protocol

from scopedown.core.place import Place
from scopedown.documents.nodes import MapNode
from scopedown.project.terraform.context import Context


class Resource(Protocol):
    """One instance. ``type`` is Terraform's (``aws_sqs_queue``)."""

    @property
    def context(self) -> Context:
        """What the whole configuration shares."""

    @property
    def address(self) -> str:
        """Its address (``module.api.aws_sqs_queue.q[0]``)."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def is_data(self) -> bool:
        """Whether it is a data source."""

    @property
    def place(self) -> Place:
        """Where it is declared."""

    @property
    def id(self) -> str:
        """Its logical id in the template."""

    def argument(self, name: str) -> Any:
        """The value of an argument, or the list of the nested blocks of that name; None where there is neither."""

    def arguments(self) -> MapNode:
        """All arguments and blocks."""

    def attribute(self, name: str) -> Any:
        """What an expression gets of it."""

    def place_of(self, name: str) -> Place:
        """Where an argument stands."""

    def ignored(self) -> dict[str, Place]:
        """The arguments of which Terraform ignores changes (``lifecycle``), and where it says so; ``all`` for all."""

    def text_place(self, name: str) -> Place:
        """Where the text of an argument begins."""
