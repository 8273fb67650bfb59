"""Code that is reached through containers is seen whole: what is found there leaves nothing open."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

SOURCES = Path(__file__).parent / "sources"

ENTRIES = (
    *("js_awilix/handler.js", "ts_inversify/handler.ts", "ts_tsyringe/handler.ts", "ts_typedi/handler.ts"),
    *("ts_nestjs/handler_context.ts", "ts_nestjs/handler_http.ts", "ts_inversify_express/handler.ts"),
    *(
        "py_dependency_injector/handler.py",
        "py_injector/handler.py",
        "py_fastapi/handler.py",
    ),
    *("py_punq_lagom/handler_lagom.py", "py_punq_lagom/handler_punq.py"),
    *("js_kept_on_objects/handler_express.js", "js_kept_on_objects/handler_koa.js"),
    *("js_kept_on_objects/handler_event.js", "py_kept_on_objects/handler_flask.py"),
    *("py_kept_on_objects/handler_starlette.py", "js_reached_by_the_language/handler.js"),
    "js_reached_by_the_language/handler_thrown.js",
    *("py_reached_by_the_language/handler.py", "py_lambda_extensions/handler.py", "js_lambda_extensions/handler.js"),
)


NOTED = {
    "ts_inversify_express/handler.ts": [
        "the handler comes from result of serverless-http(), which may run any code of the project"
    ],
}
"""The container, and not the adapter, is given the controllers: which of them the handler runs is not known."""


@pytest.mark.parametrize("entry", ENTRIES)
def test_nothing_is_left_open(entry: str) -> None:
    folder, _, file = entry.partition("/")
    report = find_calls(Sources(str(SOURCES / folder)), catalog(), {}, file, "handler")
    assert report.calls
    assert [one.what for one in report.unseen] == NOTED.get(entry, [])
    assert report.possible == ()


def test_what_unseen_code_has_and_nobody_reads_may_run_there(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text(
        """
        const server = require('some-server');
        const AWS = require('aws-sdk');
        class Store { find() { return new AWS.S3().getObject({ Bucket: 'b', Key: 'k' }).promise(); } }
        server.store = new Store();
        exports.handler = async () => server.start();
        """
    )
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.js", "handler")
    assert [call.name for call in report.calls] == ["s3.GetObject"]


def test_nests_settings_may_be_loaded_from_aws(tmp_path: Path) -> None:
    (tmp_path / "app.ts").write_text(
        """
        import { Module } from '@nestjs/common';
        import { NestFactory } from '@nestjs/core';
        import { ConfigModule, registerAs } from '@nestjs/config';
        import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
        import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
        const load = async () => new SSMClient({}).send(new GetParameterCommand({ Name: 'p' }));
        const named = registerAs('db', async () =>
          new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: 's' })));
        @Module({ imports: [ConfigModule.forRoot({ isGlobal: true, load: [load, named] })] })
        class AppModule {}
        export const handler = async () => { const app = await NestFactory.create(AppModule); await app.init(); };
        """
    )
    report = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.ts", "handler")
    assert {call.name for call in report.calls} == {"ssm.GetParameter", "secretsmanager.GetSecretValue"}
