"""Which packages that are not read may call AWS, and what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.disk import Disk
from scopedown.source.sources import Sources


def report_on(folder: Path, file: str, files: Mapping[str, Any], disk: Disk | None = None) -> CallReport:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return find_calls(Sources(str(folder), disk=disk), catalog(), {}, file, "handler")


def lock(**packages: Mapping[str, Any]) -> dict[str, Any]:
    of = {f"node_modules/{name.replace('__', '/')}": {"version": "1.0.0", **about} for name, about in packages.items()}
    return {"lockfileVersion": 3, "packages": {"": {}, **of}}


JS = "const store = require('acme-store');\nexports.handler = () => store.save('b');\n"
PY = "import acme_store\n\ndef handler(event, context):\n    acme_store.save('b')\n"


def causes(report: CallReport) -> list[tuple[Cause, tuple[str, ...]]]:
    return [(one.cause, one.may_call) for one in report.unseen]


def test_a_package_whose_lock_holds_no_sdk_is_harmless(tmp_path: Path) -> None:
    locked = lock(**{"acme-store": {"dependencies": {"uuid": "1"}}, "uuid": {}})
    report = report_on(tmp_path, "src/app.js", {"src/app.js": JS, "package-lock.json": locked})
    assert (report.unseen, report.not_analysed, report.harmless) == ((), (), ("acme-store",))


def test_one_that_brings_a_client_may_call_its_service(tmp_path: Path) -> None:
    locked = lock(**{"acme-store": {"dependencies": {"@aws-sdk/client-s3": "3"}}})
    report = report_on(tmp_path, "app.js", {"app.js": JS, "package-lock.json": locked})
    ((cause, may_call),) = causes(report)
    assert cause is Cause.PACKAGE and "s3:*" in may_call and "kms:*" in may_call
    assert "*" not in may_call and "dynamodb:*" not in may_call
    assert report.not_analysed == ("acme-store",)
    assert str(report.unseen[0].place) == "app.js:1:15"


@pytest.mark.parametrize(
    "about",
    [
        {"peerDependencies": {"aws-sdk": "2"}},
        {"dependencies": {"aws4": "1"}},
        {"dependencies": {"gone": "1"}},
        {"dependencies": {"acme-aws": "1"}},
        {"resolved": "git+https://example.com/acme.git#1"},
    ],
)
def test_an_sdk_a_signer_and_what_the_lock_does_not_show_may_call_anything(tmp_path: Path, about: Any) -> None:
    locked = lock(**{"acme-store": about, "aws4": {}, "acme-aws": {}})
    report = report_on(tmp_path, "app.js", {"app.js": JS, "package-lock.json": locked})
    assert causes(report) == [(Cause.PACKAGE, ("*",))]


@pytest.mark.parametrize(
    ("name", "calls", "not_called"),
    [
        ("acme-dynamodb", "dynamodb:*", "s3:*"),
        ("@acme/s3db", "s3:*", "dynamodb:*"),
        ("sqsworker", "sqs:*", "*"),
        ("acme-sesmailer", "ses:*", "sns:*"),
        ("aws-sqs-s3", "s3:*", "*"),
        ("lambda-frame", "*", "lambda:*"),
    ],
)
def test_a_name_that_sounds_of_a_service_may_call_that_service(
    tmp_path: Path, name: str, calls: str, not_called: str
) -> None:
    files = {"app.js": JS.replace("acme-store", name), "package-lock.json": lock(**{name: {}})}
    ((cause, may_call),) = causes(report_on(tmp_path, "app.js", files))
    assert cause is Cause.PACKAGE and calls in may_call and not_called not in may_call


@pytest.mark.parametrize(
    "name",
    ["acme-session", "sessions", "sequel-x", "snsx", "class3", "sestatus", "jss3", "acme-linux-s390x", "sqldb", "paws"],
)
def test_names_that_only_look_like_a_services_say_nothing(tmp_path: Path, name: str) -> None:
    files = {"app.js": JS.replace("acme-store", name), "package-lock.json": lock(**{name: {}})}
    assert report_on(tmp_path, "app.js", files).unseen == ()


def test_without_a_lock_file_a_declared_package_may_call_anything(tmp_path: Path) -> None:
    files = {"app.js": JS, "package.json": {"dependencies": {"acme-store": "1"}}}
    report = report_on(tmp_path, "app.js", files)
    assert causes(report) == [(Cause.PACKAGE, ("*",))]
    assert "lock file" in report.unseen[0].remedy


def test_a_name_that_nothing_declares_is_the_projects_own(tmp_path: Path) -> None:
    report = report_on(tmp_path, "app.js", {"app.js": JS, "package.json": {"dependencies": {"uuid": "1"}}})
    assert causes(report) == [(Cause.IMPORT, ("*",))]
    report = report_on(tmp_path, "app.py", {"app.py": PY, "requirements.txt": "requests\n"})
    assert causes(report) == [(Cause.IMPORT, ("*",))]


@pytest.mark.parametrize("specifier", ["./store", "../lib/store", "/opt/nodejs/store", "#store", "@/store"])
def test_a_path_that_leads_nowhere_is_the_projects_own(tmp_path: Path, specifier: str) -> None:
    report = report_on(tmp_path, "src/app.js", {"src/app.js": JS.replace("acme-store", specifier), "package.json": {}})
    assert causes(report) == [(Cause.IMPORT, ("*",))]


def test_python_code_that_leads_nowhere_is_the_projects_own(tmp_path: Path) -> None:
    report = report_on(tmp_path, "app.py", {"app.py": "from .store import save\ndef handler(e, c):\n    save()\n"})
    assert causes(report) == [(Cause.IMPORT, ("*",))]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        *(("js", one) for one in ("uuid", "axios", "express", "lodash/get", "@types/node", "./query.graphql")),
        *(("js", one) for one in ("node:fs", "fs/promises")),
        *(("py", one) for one in ("requests_toolbelt", "pydantic", "flask", "jwt", "dateutil.parser", "yaml", "json")),
    ],
)
def test_what_is_known_needs_no_lock(tmp_path: Path, language: str, name: str) -> None:
    if language == "js":
        source = f"const it = require('{name}');\nexports.handler = () => it('b');\n"
    else:
        source = f"import {name}\n\ndef handler(event, context):\n    {name}.do('b')\n"
    report = report_on(tmp_path, f"app.{language}", {f"app.{language}": source})
    assert report.unseen == () and report.not_analysed == ()


def test_types_only(tmp_path: Path) -> None:
    files = {"app.js": JS, "package.json": {"devDependencies": {"@types/acme-store": "1"}}}
    assert report_on(tmp_path, "app.js", files).unseen == ()


def test_a_package_that_signs_only_where_it_is_asked_to(tmp_path: Path) -> None:
    plain = "const request = require('request');\nexports.handler = () => request({ url: 'https://example.com' });\n"
    assert report_on(tmp_path, "app.js", {"app.js": plain}).unseen == ()
    signed = plain.replace("url:", "aws: keys, url:")
    assert causes(report_on(tmp_path, "app.js", {"app.js": signed})) == [(Cause.PACKAGE, ("*",))]


@pytest.mark.parametrize("name", ["retry", "inject", "records"])
def test_a_known_name_that_may_be_the_projects_own_module_must_be_declared(tmp_path: Path, name: str) -> None:
    source = f"import {name}\n\ndef handler(event, context):\n    {name}.do('b')\n"
    assert causes(report_on(tmp_path, "app.py", {"app.py": source})) == [(Cause.IMPORT, ("*",))]
    assert report_on(tmp_path, "app.py", {"requirements.txt": f"{name}>=1\n"}).unseen == ()


POETRY = """
[[package]]
name = "acme-store"
version = "1.0.0"

[package.dependencies]
requests = "*"
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POETRY, []),
        (POETRY.replace("requests", "boto3"), [(Cause.PACKAGE, ("*",))]),
        (POETRY.replace("requests", "pynamodb"), [(Cause.PACKAGE, ("dynamodb:*", "kms:*"))]),
        ("broken [", [(Cause.IMPORT, ("*",))]),
    ],
)
def test_a_python_package_by_its_lock_file(tmp_path: Path, text: str, expected: list[Any]) -> None:
    report = report_on(tmp_path, "fn/app.py", {"fn/app.py": PY, "poetry.lock": text, ".git/HEAD": ""})
    assert causes(report) == expected


def test_a_report_depends_on_the_lock_file(tmp_path: Path) -> None:
    disk = Disk()
    with disk.noting() as asked:
        report_on(tmp_path, "app.js", {"app.js": JS, "package-lock.json": lock(**{"acme-store": {}})}, disk)
    path = str((tmp_path / "package-lock.json").resolve())
    assert ("large", path) in asked
    before = disk.digest(("large", path))
    (tmp_path / "package-lock.json").write_text("{}")
    assert Disk().digest(("large", path)) not in ("", before)


def test_packages_that_were_read_and_not_understood_may_call_what_their_clients_can(tmp_path: Path) -> None:
    files = {
        "app.js": JS,
        "node_modules/acme-store/package.json": {"dependencies": {"@aws-sdk/client-sqs": "3"}},
        "node_modules/acme-store/index.js": "exports.save = (b) => globalThis.clients[b].put({ Bucket: b });",
        "package-lock.json": lock(**{"acme-store": {"dependencies": {"@aws-sdk/client-sqs": "3"}}}),
    }
    ((cause, may_call),) = causes(report_on(tmp_path, "app.js", files))
    assert cause is Cause.PACKAGE and "sqs:*" in may_call and "*" not in may_call


def test_a_file_elsewhere_is_not_taken_for_a_package_that_everybody_knows(tmp_path: Path) -> None:
    source = "import requests_toolbelt\n\ndef handler(event, context):\n    requests_toolbelt.do()\n"
    files = {"one/app.py": source, "other/requests_toolbelt.py": "", "third/requests_toolbelt/__init__.py": ""}
    report = report_on(tmp_path, "one/app.py", files)
    assert (report.unseen, report.harmless, report.files) == ((), ("requests_toolbelt",), ("one/app.py",))


def test_a_member_of_a_library_that_only_types_use_does_not_run(tmp_path: Path) -> None:
    typed = "import { type Unknown } from 'dynamoose/dist/Internal';\nexport const handler = (one: Unknown) => 1;\n"
    assert report_on(tmp_path, "app.ts", {"app.ts": typed}).unseen == ()
    used = "import { Unknown } from 'dynamoose/dist/Internal';\nexport const handler = () => new Unknown().go();\n"
    assert [one.cause for one in report_on(tmp_path, "app.ts", {"app.ts": used}).unseen] == [Cause.PACKAGE]


def test_a_class_of_items_that_extends_a_librarys_is_the_librarys(tmp_path: Path) -> None:
    source = "import { Item } from 'dynamoose/dist/Item';\nclass Song extends Item { title = ''; }\n"
    source += "export const handler = async () => new Song().save();\n"
    report = report_on(tmp_path, "app.ts", {"app.ts": source})
    assert ([call.operation for call in report.calls], report.unseen) == (["PutItem"], ())


def test_what_a_package_without_calls_gives_is_no_client(tmp_path: Path) -> None:
    source = "import { S3 } from '@aws-sdk/client-s3';\nimport { CognitoJwtVerifier } from 'aws-jwt-verify';\n"
    source += "const verifier = CognitoJwtVerifier.create({ userPoolId: 'p' });\nconst s3 = new S3({});\n"
    source += "export const handler = async (event) => {\n  await verifier.verify(event.token);\n"
    source += "  await verifier.hydrate(() => s3.listBuckets({}));\n};\n"
    report = report_on(tmp_path, "app.js", {"app.js": source})
    assert ([call.operation for call in report.calls], report.unseen) == (["ListBuckets"], ())


@pytest.mark.parametrize(
    ("made", "is_seen"),
    [
        ("require('acme-store').main", False),
        ("require('acme-store').createHandler({ path: '/x' })", False),
        ("require('acme-store').wrap(async (event) => 1)", True),
        ("acme(app)", True),
        ("require('acme-store')({ app: require('acme-store')({ store: { save: async (item) => 1 } }).app })", True),
    ],
)
def test_a_handler_that_a_package_brings_may_run_what_the_project_registers(
    tmp_path: Path, made: str, is_seen: bool
) -> None:
    app = "const acme = require('acme-store');\nconst app = acme();\napp.get('/', async (event) => 1);\n"
    files = {"app.js": f"{app}exports.handler = {made};\n", "package-lock.json": lock(**{"acme-store": {}})}
    if made != "acme(app)":
        files["app.js"] = files["app.js"].replace(app, "")
    installed = {
        f"node_modules/acme-store/{name}": text
        for name, text in (
            ("package.json", {"name": "acme-store", "version": "1.0.0"}),
            ("index.js", "exports.main = () => 1;"),
        )
    }
    found = [one.what for one in report_on(tmp_path, "app.js", {**files, **installed}).unseen]
    assert found == [] if is_seen else ["acme-store" in one and "the handler comes" in one for one in found] == [True]


TOOLBOX = """
import { Table, Entity, GetItemCommand, PutItemCommand, DeleteItemCommand, EntityParser, $add } from 'dynamodb-toolbox';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const table = new Table({ name: 'notes', documentClient: DynamoDBDocumentClient.from(new DynamoDBClient({})) });
const Note = new Entity({ name: 'Note', table, schema: {} });
class Store {
  constructor(private readonly entity: any) {}
  get(key) { return this.entity.build(GetItemCommand).key(key).send(); }
  put(item) { return this.entity.build(PutItemCommand).item(item).send(); }
  remove(key) { return this.entity.build(DeleteItemCommand).key(key).send(); }
}
export const handler = async (event) => {
  Note.build(EntityParser).parse({ ...event, count: $add(1) });
  return new Store(Note).get({ id: event.id });
};
"""


def test_a_librarys_objects_are_no_unseen_use_of_the_client_that_they_keep(tmp_path: Path) -> None:
    report = report_on(tmp_path, "app.ts", {"app.ts": TOOLBOX})
    assert ([call.operation for call in report.calls], report.unseen) == (["GetItem"], ())
    handed = TOOLBOX.replace("Note.build(EntityParser)", "require('acme')(Note); Note.build(EntityParser)")
    assert Cause.DISPATCH in [one.cause for one in report_on(tmp_path, "app.ts", {"app.ts": handed}).unseen]


def test_a_handler_of_a_package_that_was_given_code_deep_inside_is_not_unseen(tmp_path: Path) -> None:
    source = "import { App, Receiver } from '@slack/bolt';\nimport adapter from '@vendia/serverless-express';\n"
    source += "import { S3 } from '@aws-sdk/client-s3';\nconst s3 = new S3({});\n"
    source += "const receiver = new Receiver({ store: { put: async () => s3.listBuckets({}) } });\n"
    source += "export const handler = adapter({ app: receiver.app });\n"
    report = report_on(tmp_path, "app.js", {"app.js": source})
    assert ([call.operation for call in report.calls], report.unseen) == (["ListBuckets"], ())


def test_methods_of_data_that_a_librarys_object_holds_use_no_client(tmp_path: Path) -> None:
    source = "import dynamoose from 'dynamoose';\nimport { DynamoDBClient } from '@aws-sdk/client-dynamodb';\n"
    source += "dynamoose.aws.ddb.set(new DynamoDBClient({}));\n"
    source += "const Note = dynamoose.model('Note', { id: String }, { create: false, waitForActive: false });\n"
    source += "export const handler = async () => (await Note.get('a')).title.split(' ');\n"
    report = report_on(tmp_path, "app.ts", {"app.ts": source})
    assert ([call.operation for call in report.calls], report.unseen) == (["GetItem"], ())
