"""Which actions a call may need, by how it is written with boto3 (:class:`~scopedown.calls.machine.SdkNames`)."""

from __future__ import annotations

from scopedown.calls.interpreter.trail import called_name
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.sdks.operation_names import TRANSFERRED, OperationNames, fitting
from scopedown.catalog.action_patterns import of_service
from scopedown.catalog.model import Operation
from scopedown.source import ir

_TRANSFERS = frozenset(
    {"upload_file", "upload_fileobj", "download_file", "download_fileobj", "generate_presigned_post"}
)
"""https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-uploading-files.html"""
_BY_NAME = frozenset({"get_paginator", "get_waiter", "paginate", "generate_presigned_url"})
"""Methods of every client of boto3 that take an operation by its name, and what is made so."""
_WITH_RESOURCES = ("cloudformation", "cloudwatch", "dynamodb", "ec2", "glacier", "iam", "s3", "sns", "sqs")
"""https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html"""


class PythonNames(OperationNames):
    """boto3's methods are operations in lower case, and take their parameters by keywords."""

    _actions: dict[str, set[tuple[str, str]]] | None = None

    def of_open(self, call: OpenCall) -> tuple[str, ...]:
        """A method of a client or of a resource."""
        name, site = call.name or "", call.site
        if name in _TRANSFERS or (name == "copy" and len(site.all()) > 1):
            return of_service(self.catalog, TRANSFERRED)
        if name in _BY_NAME:
            return ("*",)
        return () if site.positional else self._fitting(name, set(site.keywords), site.complete)

    def of_written(self, call: ir.Call, data: frozenset[str]) -> tuple[str, ...]:
        """The same by the call's text."""
        name = called_name(call)
        if name is None or not isinstance(call.function, ir.Attr):
            return ()
        if name in _TRANSFERS:
            return of_service(self.catalog, TRANSFERRED)
        if name in _BY_NAME:
            return ("*",)
        if call.positional:
            return ()
        given = {key for key, _ in call.keywords if key is not None}
        return self._fitting(name, given, all(key for key, _ in call.keywords))

    def _fitting(self, name: str, given: set[str], complete: bool) -> tuple[str, ...]:
        """What a method of a client may call, or of a resource, which knows some of the parameters itself."""
        actions = fitting(self.named(name) if name.islower() else (), given, complete)
        if actions or not given or not all(key[:1].isupper() for key in given):
            return actions
        return fitting(self._of_resources(name), given, False)

    def _of_resources(self, name: str) -> tuple[Operation, ...]:
        """The operations that an action of a resource calls, which fills in some of their parameters."""
        if self._actions is None:
            self._actions = {}
            for service in _WITH_RESOURCES:
                for kind in self.catalog.resource_models_of(service):
                    model = self.catalog.resource_model(service, kind)
                    for action, (called, _) in model.operations.items() if model is not None else ():
                        self._actions.setdefault(action, set()).add((service, called))
        operations = (self.catalog.operation(*one) for one in sorted(self._actions.get(name, ())))
        return tuple(operation for operation in operations if operation is not None)
