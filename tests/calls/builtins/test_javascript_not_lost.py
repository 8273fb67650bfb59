"""JavaScript in which a call is easily lost: it is found, or the function is not whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.model import CallReport

Report = Callable[..., CallReport]

PROGRAM = """
const {{ SQS }} = require('aws-sdk');
const sqs = new SQS();
const CALL = () => sqs.purgeQueue({{ QueueUrl: 'q' }}).promise();
exports.handler = async (event) => {{
{body}
}};
"""


def is_found(report: Report, body: str) -> bool:
    return bool(report(PROGRAM.format(body=body)).calls)


CONSTANTS = """
const { dry = true } = { dry: false }; if (!dry) CALL();
const [count = 2] = [0]; if (count === 0) CALL();
const { name = 'a' } = { name: '' }; if (name === '') CALL();
const { name = 'a' } = { name: null }; if (name === null) CALL();
const save = ({ dry = true } = {}) => { if (!dry) CALL(); }; save({ dry: false });
const save = (name = 'x') => { if (name === null) CALL(); }; save(null);
const save = (name = 'x') => { if (name === 'x') CALL(); }; save(undefined);
const n = 0 ?? 5; if (n === 0) CALL();
let n = false; n ??= true; if (!n) CALL();
let x = null; if (x === undefined) return; CALL();
let x; if (x === null) return; CALL();
const x = null; if (x == undefined) CALL();
const x = [1].find((one) => one === 2); if (x === null) return; CALL();
const n = 0; if (n === false) return; CALL();
const n = '1'; if (n == 1) CALL();
const n = '1'; if (n === 1) return; CALL();
const n = 010; if (n === 8) CALL();
const n = 1n; if (n === 1) return; CALL();
if (+true !== 1) return; CALL();
a: { if (1) break a; return; } CALL();
a: switch (1) { case 1: for (;;) { break a; } return; } CALL();
let n = 0; a: { n = 1; if (event.x) break a; n = 2; } if (n !== 1) return; CALL();
[1, CALL].values().drop(1).next().value();
for (const f of [CALL].values().take(1).toArray()) f();
[1, 2].with(0, CALL).toSpliced(1)[0]();
for (const f of new Set([1]).union(new Set([CALL]))) f();
const s = `${null}`; if (s !== 'null') return; CALL();
const s = `${1}`; if (s !== '1') return; CALL();
let u; const s = 'a' + u; if (s === 'a') return; CALL();
let u; if (event.x) u = 'x'; const s = `${u}`; if (s === 'x') return; CALL();
const s = String(undefined); if (s !== 'undefined') return; CALL();
const n = new Object(true); if (n === true) return; CALL();
const x = JSON.parse('null'); if (x === undefined) return; CALL();
let done; event.x && (done = true); if (done) return; CALL();
let done = false; event.x ? (done = true) : 0; if (done) return; CALL();
let seen = false; Array.prototype.forEach.call({ length: 1, 0: 1 }, () => { seen = true; }); if (seen) CALL();
"""


@pytest.mark.parametrize("body", CONSTANTS.strip().splitlines())
def test_constants_are_those_of_javascript(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


def test_a_test_that_constants_decide_leaves_code_out(javascript_report: Report) -> None:
    for body in (
        "const { dry = true } = {}; if (!dry) CALL();",
        "const n = null ?? 5; if (n !== 5) CALL();",
        "const n = 0; if (n !== false) return; CALL();",
        "const x = NaN || 0; const n = 1; if (n == 2) CALL();",
    ):
        assert not is_found(javascript_report, body), body


MEMBERS = """
toString toLocaleString valueOf toFixed toExponential toPrecision charAt charCodeAt codePointAt at concat endsWith
includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search
slice split startsWith substr substring toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trim trimEnd
trimStart isWellFormed toWellFormed anchor big bold link sub sup trimLeft trimRight copyWithin entries every fill
filter find findIndex findLast findLastIndex flat flatMap forEach join keys map pop push reduce reduceRight reverse
shift some sort splice toReversed toSorted toSpliced unshift values with get set has delete clear add test exec
compile then catch finally next return throw getTime toISOString toJSON description bind call apply name length
hasOwnProperty isPrototypeOf propertyIsEnumerable constructor __proto__ union difference isSubsetOf size groupBy
"""
ARGUMENTS = ("", "-1", "1e9, 'x'", "/a/g, (x) => x", "event.y, {}")


@pytest.mark.slow
def test_no_member_of_a_known_value_raises(javascript_report: Report) -> None:
    """Each is asked for and called in every way; a fault would end the run before the last call."""
    values = [
        "0", "5", "-1.5", "1e21", "1e-7", "NaN", "Infinity", "12345678901234567890", "7n", "true", "null", "undefined",
        "'text'", "''", "`a${event.x}`", "/a+/g", "[1, 'a']", "[]", "({ a: 1 })", "new Map([[1, 2]])", "new Set([1])",
        "new Date(0)", "Symbol('s')", "(() => 1)", "(class {})", "Promise.resolve(1)", "process.env.A",
    ]  # fmt: skip
    for arguments in ARGUMENTS:
        lines = [f"({value}).{name}({arguments});" for value in values for name in MEMBERS.split()]
        assert is_found(javascript_report, "\n".join([*lines, "CALL();"])), arguments


FOLLOWED = """
function* g() { return CALL; } g().next().value();
function* g() { yield 1; return { CALL }; } const it = g(); it.next(); it.next().value.CALL();
function* inner() { yield 1; return CALL; } function* outer() { (yield* inner())(); } for (const x of outer()) { }
const o = {}; Object.defineProperty(o, 'p', { set(v) { CALL(); } }); o.p = 1;
const o = {}; Object.defineProperty(o, 'p', { set(v) { this.q = v; } }); o.p = CALL; o.q();
const o = { set p(v) {} }; Object.defineProperty(o, 'p', { value: CALL }); o.p();
class D { get value() { return CALL; } } const o = {}; Object.defineProperty(o, 'p', new D()); o.p();
const a = [0]; Object.defineProperties(a, { 0: { value: CALL } }); a[0]();
class A {} Object.defineProperty(A.prototype, 'x', { set(v) { CALL(); } }); new A().x = 1;
const d = Object.getOwnPropertyDescriptor({ set p(v) { CALL(); } }, 'p'); d.set(1);
Object.values({ get a() { return CALL; } })[0]();
for (const [name, f] of Object.entries({ get save() { return CALL; } })) f();
Object.assign({}, { get a() { CALL(); return 1; } });
const o = { ...{ get a() { CALL(); return 1; } } };
[1, 2].reduce((previous, value, index) => { if (index === 1) CALL(); return value; });
[0, 1, 2].reduceRight((previous, value, index) => { if (index === 1 && previous === 2) CALL(); return value; });
Array.prototype.forEach.call({ length: 1, 0: CALL }, (f) => f());
(function () { [].slice.call(arguments)[0](); })(CALL);
const o = {}; Array.prototype.push.call(o, CALL); o[0]();
const o = { 0x10: CALL }; o['16']();
class C { static get 0x10() { return CALL; } } C['16']();
const o = { \\u0061bc: CALL }; o.abc();
class A { m() { super.x = CALL; } } const a = new A(); a.m(); a.x();
try { throw CALL; } catch (f) { f(); }
const f = async () => { throw CALL; }; await f().catch((e) => e());
class C { [(CALL(), 'a')] = 1; }
Array.prototype.mine = CALL; [].mine();
const d = new Date(); d.save = CALL; d.save();
class P extends Promise { static resolve(x) { CALL(); return super.resolve(x); } } await P.all([1]);
""".replace("\\\\", "\\")


@pytest.mark.parametrize("body", FOLLOWED.strip().splitlines())
def test_code_that_runs_by_itself_is_followed(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


NOT_FOLLOWED = """
with ({ f: CALL }) f();
(function (a) { a = CALL; arguments[0](); })(0);
let f; const o = { valueOf() { f = CALL; return 1; } }; if (o > 0) f();
const o = { x: CALL }; Reflect.construct(Error, [[]], new Proxy(function () {}, { get: () => o })).x();
Array.prototype[Symbol.iterator] = function* () { yield CALL; }; const [f] = [1]; f();
"""


@pytest.mark.parametrize("body", NOT_FOLLOWED.strip().splitlines())
def test_what_is_not_followed_is_named(javascript_report: Report, body: str) -> None:
    report = javascript_report(PROGRAM.format(body=body))
    assert report.calls or report.unseen


def test_a_call_that_a_test_guards_is_whole(javascript_report: Report) -> None:
    """The value is known as nothing, and the code asks for that."""
    for body in (
        "const later = (done) => { [1].forEach(() => { if (event.x && done) done(); }); }; later();",
        "const later = (done) => { [1].forEach(() => done && done()); }; later();",
        "const later = (done) => { [1].forEach(() => done?.()); }; later();",
        "const later = (done) => { [1].forEach(() => typeof done === 'function' ? done() : 0); }; later();",
    ):
        report = javascript_report(PROGRAM.format(body=body))
        assert not report.calls and not report.unseen, body


ELSEWHERE = """
const { metricScope } = require('aws-embedded-metrics'); await metricScope((metrics) => async (event) => CALL())(event);
const lib = require('lib'); const save = async () => CALL(); lib.use((next) => save); lib.go();
"""


@pytest.mark.parametrize("body", ELSEWHERE.strip().splitlines())
def test_what_a_callback_returns_to_unseen_code_runs(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


@pytest.mark.parametrize(
    "body",
    [
        "console[event.level]('x');",
        "Math[event.name](1);",
        "'abc'[event.name]();",
        "require('crypto').createHash('sha256').update(event.x).digest('hex');",
        "require('crypto').createCipheriv('a', event.key, 'c').update(event.y);",
    ],
)
def test_what_only_works_on_data_is_whole(javascript_report: Report, body: str) -> None:
    report = javascript_report(PROGRAM.format(body=body))
    assert not report.calls and not report.unseen


def test_a_static_class_of_a_client_makes_its_calls(javascript_report: Report) -> None:
    token = "const AWS = require('aws-sdk'); new AWS.RDS.Signer({ hostname: 'h', username: 'u' }).getAuthToken({});"
    assert [call.name for call in javascript_report(PROGRAM.format(body=token)).calls] == ["rds-db.connect"]
    unknown = "const AWS = require('aws-sdk'); new AWS.S3.Archiver().run();"
    assert javascript_report(PROGRAM.format(body=unknown)).unseen


SHADOWED = """
let f = CALL; const go = () => { try { throw 1; } catch (f) { } f(); }; go();
let f = CALL; const go = () => { { let f = 1; } f(); }; go();
let f = CALL; const go = () => { for (const f of [1, 2]) { } f(); }; go();
let f = CALL; const go = () => { for (const f in { a: 1 }) { } f(); }; go();
let f = CALL; const go = () => { for (let f = 0; f < 2; f++) { } f(); }; go();
let f = CALL; const go = () => { if (event.x) { class f { } } f(); }; go();
let f = CALL; const go = () => { switch (event.x) { case 1: let f = 1; } f(); }; go();
let f = CALL; const go = () => { const h = function f() { return typeof f; }; h(); f(); }; go();
let f = CALL; const go = () => { { let f = 1; } const inner = () => { { let f = 2; } f(); }; inner(); }; go();
{ let f = CALL; const go = () => { { let f = 1; } f(); }; go(); }
f = 1; { let f = 2; } if (f === 1) CALL();
f = 1; try { throw 2; } catch (f) { var f = 3; } if (f === 1) CALL();
try { throw CALL; } catch (f) { var f; f(); }
f = 1; try { throw 2; } catch (f) { for (var f = 3; f < 4; f++) { } } if (f === 1) CALL();
"""


@pytest.mark.parametrize("body", SHADOWED.strip().splitlines())
def test_what_a_block_declares_hides_nothing_after_it(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


CONSTRUCTED = """
const F = function (a) { this.a = a; const g = () => CALL(); g.a = a; return g; }; new F(1)();
function F() { return [CALL]; } new F()[0]();
function F() { return new Map([[1, CALL]]); } new F().get(1)();
function F(o) { if (o.x) return { f: CALL }; this.g = 1; } new F(event).f();
class F { constructor(o) { if (o.x) return { g: 1 }; this.f = CALL; } } new F(event).f();
class F { constructor() { return () => CALL(); } } new F()();
class F { constructor() { return this.f = () => CALL(); } } new F()();
class F { constructor() { return class { m() { CALL(); } }; } } const C = new F(); new C().m();
const F = function (a) { this.f = CALL; }.bind(null, 1); new F().f();
"""


@pytest.mark.parametrize("body", CONSTRUCTED.strip().splitlines())
def test_new_gives_what_a_constructor_returns(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


def test_a_base_class_that_returns_another_object_is_not_whole(javascript_report: Report) -> None:
    classes = "class B { constructor() { return () => CALL(); } } class F extends B { constructor() { super(); } }"
    assert javascript_report(PROGRAM.format(body=f"{classes} new F()();")).unseen
    error = "class F extends Error { constructor() { super('x'); this.f = CALL; } } new F().f();"
    report = javascript_report(PROGRAM.format(body=error))
    assert report.calls and not report.unseen


@pytest.mark.parametrize(
    "body", ["await import('fs', CALL());", "await import('fs', { with: (CALL(), {}) });", "require('fs', CALL());"]
)
def test_further_arguments_of_an_import_are_evaluated(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


DATA = """
event.f = CALL; const o = { ...event }; o.f();
event[event.k] = CALL; const o = { ...event }; o.f();
event.a = { f: CALL }; event.a.f();
event.a = { b: { f: CALL } }; event.a.b.f();
event.a = [CALL]; ({ ...event }).a.forEach((f) => f());
event[0] = CALL; event[0]();
class A { save() { CALL(); } } event.a = new A(); const o = { ...event }; o.a.save();
class A { save() { CALL(); } } event.a = new A(); for (const a of Object.values(event)) a.save();
class A { save() { CALL(); } } event.a = new A(); for (const k in event) event[k].save();
class A { save() { CALL(); } } event.a = new A(); for (const k in event) event[k][event.m]();
class A { save() { CALL(); } } event.a = { b: [new A()] }; const o = { ...event }; o.a.b[0].save();
class A { save() { CALL(); } } event.a = new A(); const o = Object.fromEntries(Object.entries(event)); o.a.save();
class B { f() { CALL(); } } class A { g(o) { o.b.f(); } } event.b = new B(); event.a = new A(); ({ ...event }).a.g(1);
const o = JSON.parse(event.body); o[event.k] = CALL; o.f();
const o = new Number(1); o.length = 1; o[0] = CALL; Array.prototype.filter.call(o, () => true)[0]();
class A {} A[event.k] = CALL; A.f();
function A() {} A[event.k] = CALL; A.f();
"""


@pytest.mark.parametrize("body", DATA.strip().splitlines())
def test_code_that_is_kept_in_data_may_be_called(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


@pytest.mark.parametrize(
    "body",
    [
        "class A { save() { CALL(); } } event.a = new A(); for (const a of Object.values(event)) a.trim();",
        "class A { load() { } } class B { save() { CALL(); } } event.a = new A(); event.a.load(); event.b.save();",
        "event.a = { b: 1 }; const save = () => CALL(); event.c.save();",
    ],
)
def test_other_code_than_what_is_kept_in_data_is_not(javascript_report: Report, body: str) -> None:
    report = javascript_report(PROGRAM.format(body=body))
    assert not report.calls and not report.unseen


def test_what_a_map_in_data_holds_is_not_lost(javascript_report: Report) -> None:
    body = "event.a = new Map([['x', () => CALL()]]); event.a.get('x')();"
    report = javascript_report(PROGRAM.format(body=body))
    assert report.calls or report.unseen


STATIC = """
class C { a() { CALL(); } static a() { new C().a(); } } C.a();
class C { static a() { CALL(); } a() { C.a(); } } new C().a();
class C { static a() { CALL(); } a() { this.constructor.a(); } } new C().a();
class B { a() { CALL(); } static a() { } } class C extends B { a() { super.a(); } } new C().a();
class B { a() { } static a() { CALL(); } } class C extends B { static a() { super.a(); } } C.a();
class B { a() { CALL(); } } class C extends B { static a() { new C().a(); } } C.a();
class B { static a() { CALL(); } } class C extends B { a() { } } C.a();
class C { a() { CALL(); } static a() { } } const c = new C(); c[event.m]();
class C { a() { } static a() { CALL(); } } C['a' + event.m]();
class C { a() { } static a() { CALL(); } } const { a } = C; a();
class C { static a() { C.b(); } static b() { CALL(); } } [1].forEach(C.a);
class C { static ['a']() { CALL(); } a() { } } C.a();
class C { static a() { } } C.a = CALL; C.a();
class C { static a() { } } C['a'] = CALL; C.a();
class C { static a() { } } Object.assign(C, { a: CALL }); C.a();
class C { static a() { } } Object.defineProperty(C, 'a', { value: CALL }); C.a();
class C { static a() { } static b() { this.a = () => CALL(); } } C.b(); C.a();
class B { static a() { } } class C extends B { } C.a = CALL; C.a();
class C { static a() { } } C.prototype.a = CALL; new C().a();
class C { static a() { } a() { CALL(); } } C.a = () => 1; new C().a();
"""


@pytest.mark.parametrize("body", STATIC.strip().splitlines())
def test_a_static_method_hides_no_method_of_objects(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)


def test_a_static_method_that_nothing_calls_is_not_run(javascript_report: Report) -> None:
    report = javascript_report(PROGRAM.format(body="class C { a() { } static a() { CALL(); } } new C().a();"))
    assert not report.calls and not report.unseen


SHORTENED = """
const x = [1, 2]; x.length = 0; const f = x.shift(); if (f !== undefined) return; CALL();
const x = [1, 2]; x.length = 1; const [, f] = x; if (f) return; CALL();
const x = [1, 2]; x['length'] = 0; const [f] = x; if (f) return; CALL();
const x = [1, 2]; const clear = (list) => { list.length = 0; }; clear(x); const [f = CALL] = x; f();
const x = [CALL, 2]; x.length = 1; x[0]();
const x = [1]; x.length = 0; x.push(CALL); x[0]();
"""


@pytest.mark.parametrize("body", SHORTENED.strip().splitlines())
def test_a_list_that_is_shortened_has_lost_elements(javascript_report: Report, body: str) -> None:
    assert is_found(javascript_report, body)
