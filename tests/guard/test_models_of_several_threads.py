"""The models of AWS's services, which all threads of a guard share."""

from __future__ import annotations

from threading import Thread

import botocore.model
import pytest
from moto.core.model import OperationModel, ServiceModel
from moto.core.utils import get_service_model

from scopedown.guard.gate import Gate


def test_a_thread_never_gets_an_operation_that_another_one_is_still_making(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = ServiceModel(get_service_model("lambda")._service_description, "lambda")
    original = botocore.model.OperationModel.__init__
    got: list[object] = []

    def asked_meanwhile(made: object, *arguments: object) -> None:
        original(made, *arguments)
        if isinstance(made, OperationModel) and not got:
            got.append(None)  # the other thread may make one as well
            other = Thread(target=lambda: got.append(service.operation_model("GetFunction")))
            other.start()
            other.join()

    monkeypatch.setattr(botocore.model.OperationModel, "__init__", asked_meanwhile)
    first = service.operation_model("GetFunction")
    assert [type(one) for one in (first, *got[1:])] == [OperationModel, OperationModel]
    assert service.operation_model("GetFunction").http_trait.method == "GET"
