"""What JavaScript and Node bring themselves, seen in the arguments of calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Calls = Callable[..., list[str]]

PROGRAM = """
const AWS = require('aws-sdk');
const path = require('path');
const util = require('util');
const sqs = new AWS.SQS();
const say = (value) => {{ sqs.purgeQueue({{ QueueUrl: value }}).send() }};
const topic = `arn:aws:sns:eu-west-1:1:${{process.env.TOPIC}}`;
exports.handler = async (event) => {{ {body} }};
"""


def said(calls: Calls, body: str) -> list[str]:
    """The values that reach ``say``."""
    return [call.removeprefix("sqs.PurgeQueue QueueUrl=") for call in calls(PROGRAM.format(body=body))]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("process.env.A", "${env:A}"),
        ("process.env['A']", "${env:A}"),
        ("(({ A }) => A)(process.env)", "${env:A}"),
        ("process.env[event.x]", "*"),
        ("process.env.A || 'd'", "${env:A}"),
        ("String(process.env.A) + '-x'", "${env:A}-x"),
        ("'a-'.concat('b', process.env.A)", "a-b${env:A}"),
        ("'A-B'.toLowerCase()", "a-b"),
        ("`A-${process.env.A}`.toLowerCase()", "a-*"),
        ("' a '.trim()", "a"),
        ("'a-{s}'.replace('{s}', process.env.A)", "a-${env:A}"),
        ("'a-a'.replaceAll('a', 'b')", "b-b"),
        ("topic.split(':')[2]", "sns"),
        ("topic.split(':').pop()", "*"),
        ("topic.split(':').slice(0, 3).join('/')", "arn/aws/sns"),
        ("topic.substring(0, 11)", "arn:aws:sns"),
        ("'abcdef'.slice(-3)", "def"),
        ("'abc'.slice(1, -1)", "b"),
        ("['a', process.env.A].join('-')", "a-${env:A}"),
        ("path.join('a', '..', 'b')", "b"),
        ("path.join('in', process.env.A)", "in/${env:A}"),
        ("path.basename('x/y.txt', '.txt')", "y"),
        ("util.format('%s-%s', 'a', process.env.A)", "a-${env:A}"),
        ("encodeURIComponent('a b')", "a%20b"),
        ("encodeURI('a b/?')", "a%20b/?"),
        ("encodeURIComponent(JSON.parse('\"\\\\ud800\"'))", "%3F"),
        ("decodeURIComponent(event.key)", "*"),
        ("Object.assign({}, { q: 'a' }, { q: 'b' }).q", "b"),
        ("Object.freeze({ q: 'a' }).q", "a"),
        ("JSON.parse(JSON.stringify({ q: 'a' })).q", "a"),
        ('JSON.parse(\'{"q": "a"}\').q', "a"),
        ("Object.fromEntries([['q', 'a']]).q", "a"),
        ("new Map([['q', 'a']]).get('q')", "a"),
        ("['a', 'b'].find((x) => x === event.x)", "a|b"),
        ("({ dev: 'a', prod: 'b' })[event.stage]", "a|b"),
        ("['a', 'b'].map((x) => x + '1')[1]", "b1"),
        ("['a', 'b'].reduce((all, x) => all + x, '')", "ab"),
        ("[['a'], ['b']].flat()[1]", "b"),
        ("['a'].concat(['b'], 'c')[2]", "c"),
        ("await Promise.resolve('a')", "a"),
        ("(await Promise.all(['a', Promise.resolve('b')]))[1]", "b"),
        ("await new Promise((resolve) => setTimeout(() => resolve('a'), 9))", "a"),
        ("await (async () => 'a')().then((x) => x + 'b')", "ab"),
        ("(function (a, b) { return a + b }).call(null, 'a', 'b')", "ab"),
        ("(function (a, b) { return a + b }).apply(null, ['a', 'b'])", "ab"),
        ("((a, b) => a + b).bind(null, 'a')('b')", "ab"),
        ("(function () { return this.q }).bind({ q: 'a' })()", "a"),
        ("Array.from({ length: 3 }, () => 'a')[1]", "a"),
        ("[...new Set(['a'])][0]", "a"),
        ("Object.keys({ a: 1 })[0]", "a"),
        ("globalThis.process.env.A", "${env:A}"),
    ],
)
def test_values(javascript_calls: Calls, value: str, expected: str) -> None:
    assert said(javascript_calls, f"say({value})") == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "['a', 'b'].forEach(say)",
        "['a', 'b'].forEach((x) => say(x))",
        "for (const x of ['a', 'b']) say(x)",
        "Object.values({ x: 'a', y: 'b' }).map((x) => say(x))",
        "Object.entries({ a: 1, b: 2 }).forEach(([x]) => say(x))",
        "await Promise.all(['a', 'b'].map(async (x) => say(x)))",
        "const all = []; all.push('a'); all.push('b'); all.forEach(say)",
        "new Map([['x', 'a'], ['y', 'b']]).forEach((x) => say(x))",
        "['a', 'b'].some(say)",
    ],
)
def test_callbacks_get_each_element(javascript_calls: Calls, body: str) -> None:
    assert said(javascript_calls, body) == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        "setTimeout(() => say('a'), 10)",
        "setImmediate(say, 'a')",
        "process.nextTick(() => say('a'))",
        "event.emitter.on('x', () => say('a'))",
        "event.records.map(() => say('a'))",
        "event.context.map('name', [1], () => say('a'))",
        "require('fs').readFile('x', () => say('a'))",
        "const bus = new (require('events'))(); bus.on('x', say); bus.emit('x', 'a')",
        "const bus = new (require('events').EventEmitter)(); bus.emit('x', 'a'); bus.once('x', say)",
        "const bus = new (require('events'))(); bus.on(event.name, () => say('a')); bus.emit('x')",
        "const bus = new (require('events'))(); bus.on('x', () => say('a')); require('unseen').watch(bus)",
        "event.promise.catch(() => say('a'))",
        "event.promise.finally(() => say('a'))",
        "Promise.reject(1).catch(() => say('a'))",
        "util.promisify((x, cb) => cb(null, x))('a').then(say)",
        "util.callbackify(async () => 'a')((err, x) => say(x))",
        "new Proxy({}, { get: () => say('a') }).anything",
    ],
)
def test_functions_that_run_later_run(javascript_calls: Calls, body: str) -> None:
    assert said(javascript_calls, body) == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        "console.log(() => say('a'))",
        "JSON.stringify({ f: () => say('a') })",
        "const unused = () => say('a')",
        "const bus = new (require('events'))(); bus.on('x', () => say('a')); bus.emit('y')",
    ],
)
def test_functions_that_nobody_calls_do_not_run(javascript_calls: Calls, body: str) -> None:
    assert said(javascript_calls, body) == []


def test_setters_run_where_they_are_written_to(javascript_calls: Calls) -> None:
    body = "class A { set q(x) { say(x) } get q() { say('read'); return 'b' } } const a = new A(); a.q = 'a'"
    assert said(javascript_calls, body) == ["a"]
    assert said(javascript_calls, body + "; say(a.q)") == ["a", "b", "read"]


def test_compiled_typescript_is_followed(javascript_calls: Calls) -> None:
    source = """
        "use strict";
        var __importStar = (this && this.__importStar) || function (mod) { var result = {}; return result; };
        var __awaiter = (this && this.__awaiter) || function (t, a, P, generator) { return new Promise(() => {}); };
        Object.defineProperty(exports, "__esModule", { value: true });
        exports.handler = void 0;
        const AWS = __importStar(require("aws-sdk"));
        const repository_1 = require("./repository");
        const handler = (event) => __awaiter(void 0, void 0, void 0, function* () {
          const { bucket } = yield settings();
          yield new AWS.S3().getObject({ Bucket: bucket, Key: 'k' }).promise();
          return new repository_1.Repository().save(event);
        });
        function settings() { return __awaiter(this, void 0, void 0, function* () { return { bucket: 'b' }; }); }
        exports.handler = handler;
    """
    repository = """
        var aws_sdk_1 = require("aws-sdk");
        var Repository = (function () {
          function Repository() { this.db = new aws_sdk_1.DynamoDB.DocumentClient(); }
          Repository.prototype.save = function (item) {
            return __awaiter(this, void 0, void 0, function () {
              var table;
              return __generator(this, function (_b) {
                switch (_b.label) {
                  case 0: table = process.env.SAVE;
                    return [4 /*yield*/, this.db.put({ TableName: table, Item: item }).promise()];
                  case 1: _b.sent(); return [4, this.db.delete({ TableName: table }).promise()];
                  case 2: return [2];
                }
              });
            });
          };
          return Repository;
        }());
        exports.Repository = Repository;
    """
    assert javascript_calls(source, files={"repository.js": repository}) == [
        "s3.GetObject Bucket=b Key=k",
        "dynamodb.PutItem TableName=${env:SAVE} Item=*",
        "dynamodb.DeleteItem TableName=${env:SAVE}",
    ]


def test_a_bundle_of_esbuild_is_followed(javascript_calls: Calls) -> None:
    source = """
        var __defProp = Object.defineProperty;
        var __commonJS = (cb, mod) => function __require() { return mod };
        var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name] }); };
        var __toCommonJS = (mod) => mod;
        var __toESM = (mod) => mod;
        var require_lib = __commonJS({
          "node_modules/lib/index.js"(exports, module) {
            var x = require("aws-sdk");
            module.exports = { go: () => new x.SNS().publish({ TopicArn: process.env.TOPIC }).promise() };
          }
        });
        var handler_exports = {};
        __export(handler_exports, { handler: () => handler });
        module.exports = __toCommonJS(handler_exports);
        var import_client_sqs = require("@aws-sdk/client-sqs");
        var import_lib = __toESM(require_lib());
        var sqs = new import_client_sqs.SQSClient({});
        var handler = async () => {
          await sqs.send(new import_client_sqs.PurgeQueueCommand({ QueueUrl: process.env.Q }));
          await import_lib.default.go();
        };
    """
    assert javascript_calls(source) == [
        "sns.Publish TopicArn=${env:TOPIC}",
        "sqs.PurgeQueue QueueUrl=${env:Q}",
    ]


def test_an_async_function_compiled_by_babel_is_followed(javascript_calls: Calls) -> None:
    source = """
        var _interopRequireDefault = require("@babel/runtime/helpers/interopRequireDefault");
        var _regenerator = _interopRequireDefault(require("@babel/runtime/regenerator"));
        var _asyncToGenerator2 = _interopRequireDefault(require("@babel/runtime/helpers/asyncToGenerator"));
        var _awsSdk = _interopRequireDefault(require("aws-sdk"));
        exports.handler = function () {
          var _ref = (0, _asyncToGenerator2.default)(_regenerator.default.mark(function _callee(event) {
            var key;
            return _regenerator.default.wrap(function _callee$(_context) {
              while (1) switch (_context.prev = _context.next) {
                case 0: _context.next = 2; return 'k';
                case 2: key = _context.sent; _context.next = 5;
                  return new _awsSdk.default.S3().getObject({ Bucket: 'b', Key: key }).promise();
                case 5: case "end": return _context.stop();
              }
            }, _callee);
          }));
          return function handler(_x) { return _ref.apply(this, arguments); };
        }();
    """
    assert javascript_calls(source) == ["s3.GetObject Bucket=b Key=k"]
