"""A Bedrock model whose id is a template parameter: its default tells what it is."""

from __future__ import annotations

from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.calls.model import Alternatives
from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import EnvVar, Param, Pseudo, Text
from scopedown.permissions.bind import bind
from scopedown.permissions.require import require

REGION, ACCOUNT = Pseudo("AWS::Region"), Pseudo("AWS::AccountId")
PARAMETERS = {
    "Model": {"Type": "String", "Default": "amazon.nova-pro-v1:0"},
    "Profile": {"Type": "String", "Default": "us.amazon.nova-pro-v1:0"},
    "World": {"Type": "String", "Default": "global.amazon.nova-pro-v1:0"},
    "Open": {"Type": "String"},
}
MODELS = "arn:P:bedrock:*::foundation-model"


def invoked(facts: SqliteCatalog, model: Any, operation: str = "InvokeModel") -> list[str]:
    project, function = a_project(parameters=PARAMETERS), a_function({"MODEL": model})
    [needed] = require(sdk_call(f"bedrock-runtime.{operation}", {"modelId": EnvVar("MODEL")}), facts)
    return [short(one.arn) for one in bind(needed, function, project, facts).resources]


@pytest.mark.parametrize("operation", ["InvokeModel", "Converse", "ConverseStream"])
@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Param("Model"), ["arn:P:bedrock:R::foundation-model/${Model}"]),
        (Param("Open"), ["arn:P:bedrock:R::foundation-model/${Open}"]),
        (Param("Profile"), [f"{MODELS}/amazon.nova-pro-v1:0", "arn:P:bedrock:R:A:inference-profile/${Profile}"]),
        (
            Text.of("arn:aws:bedrock:", REGION, ":", ACCOUNT, ":inference-profile/", Param("Profile")),
            [f"{MODELS}/amazon.nova-pro-v1:0", "arn:aws:bedrock:R:A:inference-profile/${Profile}"],
        ),
        (
            Text.of("arn:aws:bedrock:", REGION, ":", ACCOUNT, ":application-inference-profile/", Param("Open")),
            [f"{MODELS}/*", "arn:aws:bedrock:R:A:application-inference-profile/${Open}"],
        ),
        (
            Text.of("arn:aws:bedrock:", REGION, "::foundation-model/", Param("Model")),
            ["arn:aws:bedrock:R::foundation-model/${Model}"],
        ),
        (
            "global.amazon.nova-lite-v1:0",
            [
                "arn:P:bedrock:::foundation-model/amazon.nova-lite-v1:0",
                "arn:P:bedrock:R::foundation-model/amazon.nova-lite-v1:0",
                "arn:P:bedrock:R:A:inference-profile/global.amazon.nova-lite-v1:0",
            ],
        ),
        (
            Param("World"),
            [
                "arn:P:bedrock:::foundation-model/amazon.nova-pro-v1:0",
                "arn:P:bedrock:R::foundation-model/amazon.nova-pro-v1:0",
                "arn:P:bedrock:R:A:inference-profile/${World}",
            ],
        ),
        (
            "eu.amazon.nova-lite-v1:0",
            [f"{MODELS}/amazon.nova-lite-v1:0", "arn:P:bedrock:R:A:inference-profile/eu.amazon.nova-lite-v1:0"],
        ),
    ],
)
def test_a_profile_needs_the_model_behind_it(
    facts: SqliteCatalog, operation: str, model: Any, expected: list[str]
) -> None:
    assert sorted(invoked(facts, model, operation)) == expected


def test_of_alternatives_each_is_seen(facts: SqliteCatalog) -> None:
    project, function = a_project(parameters=PARAMETERS), a_function()
    either = Alternatives((Text.of(Param("Profile")), Text.of("meta.llama3-8b-instruct-v1:0")))
    [needed] = require(sdk_call("bedrock-runtime.InvokeModel", {"modelId": either}), facts)
    assert sorted(short(one.arn) for one in bind(needed, function, project, facts).resources) == [
        f"{MODELS}/amazon.nova-pro-v1:0",
        "arn:P:bedrock:R::foundation-model/meta.llama3-8b-instruct-v1:0",
        "arn:P:bedrock:R:A:inference-profile/${Profile}",
    ]
