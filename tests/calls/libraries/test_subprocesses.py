"""What code starts beside itself (commands, workers, machine code) may call AWS with the function's rights."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.sources import Sources

_ANYTHING = {"*"}


def _python(folder: Path, line: str) -> CallReport:
    head = "import asyncio, ctypes, ctypes.util, hashlib, hmac, os, subprocess, sys\nimport importlib.metadata\n"
    (folder / "app.py").write_text(f"{head}def handler(event, context):\n    {line}\n")
    return find_calls(Sources(str(folder)), catalog(), {}, "app.py", "handler")


def _javascript(folder: Path, line: str) -> CallReport:
    names = {"child": "child_process", "cluster": "cluster", "crypto": "crypto", "util": "util", "vm": "vm"}
    head = "".join(f"const {name} = require('{module}');\n" for name, module in names.items())
    head += "const { Worker } = require('node:worker_threads');\n"
    (folder / "app.js").write_text(f"{head}exports.handler = async (event) => {{ {line} }};\n")
    return find_calls(Sources(str(folder)), catalog(), {}, "app.js", "handler")


def _may_call(report: CallReport) -> set[str]:
    assert all(one.cause is Cause.DISPATCH for one in report.unseen)
    return {pattern for one in report.unseen for pattern in one.may_call}


@pytest.mark.parametrize(
    ("line", "service"),
    [
        ("subprocess.run(['aws', 's3', 'cp', '/tmp/x', 's3://b/x'], check=True)", "s3:*"),
        ("subprocess.run('aws --region eu-west-1 --no-cli-pager sqs purge-queue', shell=True)", "sqs:*"),
        ("os.system('cd /tmp && aws s3api put-object --bucket b --key ' + event['key'])", "s3:*"),
        ("subprocess.check_output(['bash', '-c', 'x=$(aws ssm get-parameter --name x); echo $x'])", "ssm:*"),
        ("asyncio.create_subprocess_exec('/opt/bin/aws', 'sns', 'publish')", "sns:*"),
        ("os.execvp('aws', ['aws', 'sns', 'publish'])", "sns:*"),
    ],
)
def test_the_service_of_a_command_of_the_aws_tool_may_be_called(tmp_path: Path, line: str, service: str) -> None:
    found = _may_call(_python(tmp_path, line))
    assert service in found
    assert "*" not in found


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run([sys.executable, 'job.py'])",
        "subprocess.check_call('./run.sh')",
        "subprocess.run(event['command'])",
        "subprocess.run(['env', 'A=1', 'node', 'job.js'])",
        "subprocess.run(['aws', event['service'], 'list'])",
        "subprocess.run(['curl', '--aws-sigv4', 'aws:amz:eu-west-1:sqs', event['url']])",
        "subprocess.run('find . -exec ./run.sh {} +', shell=True)",
        "ctypes.CDLL('./libstore.so').save(event)",
        "hmac.new(('AWS4' + os.environ['AWS_SECRET_ACCESS_KEY']).encode(), b'20260101', hashlib.sha256)",
        "[one.load()(event) for one in importlib.metadata.entry_points(group='plugins')]",
    ],
)
def test_python_that_starts_other_code_may_call_anything(tmp_path: Path, line: str) -> None:
    assert _may_call(_python(tmp_path, line)) == _ANYTHING


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run(['ffmpeg', '-i', event['path'], 'out.mp4'])",
        "subprocess.run(f\"cd /tmp && tar -xzf {event['path']} | grep x; rm -rf /tmp/*\", shell=True)",
        "subprocess.run(['timeout', '10', '/opt/bin/soffice', event['path']])",
        "subprocess.run('curl -s https://example.com/x -o /tmp/x'.split())",
        "subprocess.run(['aws', '--version'])",
        "ctypes.CDLL(ctypes.util.find_library('c')), ctypes.CDLL('libc.so.6'), ctypes.CDLL(None)",
        "hmac.new(os.environ['SECRET'].encode(), event['body'].encode(), hashlib.sha256)",
    ],
)
def test_python_that_starts_what_calls_nothing_of_aws_is_whole(tmp_path: Path, line: str) -> None:
    assert _python(tmp_path, line).unseen == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("child.execSync('aws dynamodb list-tables')", "dynamodb:*"),
        ("await util.promisify(child.exec)(`aws dynamodb delete-item --table-name ${event.table}`)", "dynamodb:*"),
        ("child.spawn('aws', ['dynamodb', 'list-tables'])", "dynamodb:*"),
        ("child.spawn('node', ['job.js'])", "*"),
        ("child.fork('./job.js')", "*"),
        ("new Worker('./job.js')", "*"),
        ("vm.runInThisContext(event.code)(require)", "*"),
        ("await (new Function('name', 'return import(name)'))('./store.mjs')", "*"),
        ("crypto.createHmac('sha256', `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`).update('20260101')", "*"),
    ],
)
def test_javascript_that_starts_other_code_is_not_whole(tmp_path: Path, line: str, expected: str) -> None:
    assert expected in _may_call(_javascript(tmp_path, line))


@pytest.mark.parametrize(
    "line",
    [
        "child.execFileSync('/opt/bin/convert', [event.path, 'out.png'])",
        "child.spawn(require('path').join(process.env.LAMBDA_TASK_ROOT, 'bin/ffprobe'), [event.path])",
        "const root = new Function('return this')(); return root",
        "crypto.createHmac('sha256', process.env.SECRET).update(event.body)",
    ],
)
def test_javascript_that_starts_what_calls_nothing_of_aws_is_whole(tmp_path: Path, line: str) -> None:
    assert _javascript(tmp_path, line).unseen == ()


@pytest.mark.parametrize("way", ["module.require", "require.main.require", "process.mainModule.require"])
def test_modules_are_loaded_through_other_modules(tmp_path: Path, way: str) -> None:
    (tmp_path / "store.js").write_text(
        "const { S3 } = require('@aws-sdk/client-s3');\n"
        "exports.save = () => new S3({}).putObject({ Bucket: 'b', Key: 'k' });\n"
    )
    found = _javascript(tmp_path, f"await {way}('./store').save()")
    assert [call.name for call in found.calls] == ["s3.PutObject"]


def test_libraries_that_run_commands_are_known(tmp_path: Path) -> None:
    python = _python(tmp_path, "import sh; sh.aws('sns', 'publish', message=event['text'])")
    javascript = _javascript(tmp_path, "const { $ } = require('zx'); await $`aws sns unsubscribe ${event.arn}`")
    for found in (python, javascript):
        assert ["sns:*" in one.may_call for one in found.unseen if one.cause is Cause.DISPATCH] == [True]
