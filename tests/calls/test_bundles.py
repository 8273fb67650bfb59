"""Bundles and compiled files are analysed as they are: the forms that bundlers and compilers write, by hand and short.

Every form has a module that makes a client and the handler that uses it; each compiler's way of joining them differs.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scopedown.calls.model import CallReport

FORMS = {
    "esbuild, CommonJS inside of it": """
        var __getOwnPropNames = Object.getOwnPropertyNames;
        var __commonJS = (cb, mod) => function __require() {
          return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
        };
        var __export = (target, all) => {
          for (var name in all) __defProp(target, name, { get: all[name], enumerable: true });
        };
        var require_topic = __commonJS({
          "lib/topic.js"(exports2, module2) {
            var { SNS } = require("@aws-sdk/client-sns");
            var sns = new SNS({});
            module2.exports = { publish: (m) => sns.publish({ TopicArn: process.env.TOPIC, Message: m }) };
          }
        });
        var app_exports = {};
        __export(app_exports, { handler: () => handler });
        module.exports = __toCommonJS(app_exports);
        var import_topic = __toESM(require_topic());
        var handler = async (event) => import_topic.default.publish("hello");
        0 && (module.exports = { handler });
    """,
    "esbuild, minified": """
        var o=Object.defineProperty,h=Object.getOwnPropertyDescriptor,B=Object.getOwnPropertyNames,
        D=Object.prototype.hasOwnProperty;
        var x=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){throw t=0,n}},
        S=(e,t)=>{for(var n in t)o(e,n,{get:t[n],enumerable:!0})},
        p=(e,t,n,c)=>{if(t&&typeof t=="object"||typeof t=="function")for(let s of B(t))!D.call(e,s)&&s!==n&&
        o(e,s,{get:()=>t[s],enumerable:!(c=h(t,s))||c.enumerable});return e},
        T=e=>p(o({},"__esModule",{value:!0}),e);
        var w=x((P,y)=>{var{SNS:I}=require("@aws-sdk/client-sns"),A=new I({});
        y.exports={publish:e=>A.publish({TopicArn:process.env.TOPIC,Message:"hello"})}});
        var O={};S(O,{other:()=>q,handler:()=>f,third:()=>q});module.exports=T(O);
        var g=w(),q=()=>1,f=async e=>(0,g.publish)(1);
    """,
    "esbuild, an ES module that requires": """
        var __require = ((x) => typeof require !== "undefined" ? require : typeof Proxy !== "undefined" ? new Proxy(x, {
          get: (a, b) => (typeof require !== "undefined" ? require : a)[b]
        }) : x)(function(x) {
          if (typeof require !== "undefined") return require.apply(this, arguments);
          throw Error('Dynamic require of "' + x + '" is not supported');
        });
        var __commonJS = (cb, mod) => function __require2() {
          return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
        };
        var require_topic = __commonJS({ "topic.js"(exports, module) {
          var { SNS } = __require("@aws-sdk/client-sns");
          var sns = new SNS({});
          module.exports = { publish: (m) => sns.publish({ TopicArn: process.env.TOPIC, Message: m }) };
        } });
        var topic = require_topic();
        var handler = async () => topic.publish("hello");
        export { handler };
    """,
    "webpack, modules by number with holes": """
        (() => {
          "use strict";
          var __webpack_modules__ = ([
          /* 0 */,
          /* 1 */
          ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
            __webpack_require__.r(__webpack_exports__);
            __webpack_require__.d(__webpack_exports__, { publish: () => (/* binding */ publish) });
            var sdk = __webpack_require__(2);
            var sdk_default = /*#__PURE__*/__webpack_require__.n(sdk);
            const sns = new sdk.SNS({});
            const publish = (m) => sns.publish({ TopicArn: process.env.TOPIC, Message: m });
          }),
          /* 2 */
          ((module) => { module.exports = require("@aws-sdk/client-sns"); })
          ]);
          var __webpack_module_cache__ = {};
          function __webpack_require__(moduleId) {
            var cachedModule = __webpack_module_cache__[moduleId];
            if (cachedModule !== undefined) { return cachedModule.exports; }
            var module = __webpack_module_cache__[moduleId] = { exports: {} };
            __webpack_modules__[moduleId](module, module.exports, __webpack_require__);
            return module.exports;
          }
          (() => {
            __webpack_require__.n = (module) => {
              var getter = module && module.__esModule ? () => (module['default']) : () => (module);
              __webpack_require__.d(getter, { a: getter });
              return getter;
            };
          })();
          __webpack_require__.d = (exports, definition) => {
            for (var key in definition) {
              if (__webpack_require__.o(definition, key) && !__webpack_require__.o(exports, key)) {
                Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
              }
            }
          };
          __webpack_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop));
          __webpack_require__.r = (exports) => { Object.defineProperty(exports, '__esModule', { value: true }); };
          var __webpack_exports__ = {};
          (() => {
            __webpack_require__.r(__webpack_exports__);
            __webpack_require__.d(__webpack_exports__, { handler: () => (/* binding */ handler) });
            var topic = __webpack_require__(1);
            const handler = async (event) => { await (0,topic.publish)("hello"); };
          })();
          module.exports = __webpack_exports__;
        })();
    """,
    "webpack 4, modules by path": """
        module.exports = (function (modules) {
          var installedModules = {};
          function __webpack_require__(moduleId) {
            if (installedModules[moduleId]) { return installedModules[moduleId].exports; }
            var module = installedModules[moduleId] = { i: moduleId, l: false, exports: {} };
            modules[moduleId].call(module.exports, module, module.exports, __webpack_require__);
            module.l = true;
            return module.exports;
          }
          __webpack_require__.d = function (exports, name, getter) {
            if (!__webpack_require__.o(exports, name)) {
              Object.defineProperty(exports, name, { enumerable: true, get: getter });
            }
          };
          __webpack_require__.r = function (exports) {
            Object.defineProperty(exports, '__esModule', { value: true });
          };
          __webpack_require__.o = function (object, property) {
            return Object.prototype.hasOwnProperty.call(object, property);
          };
          return __webpack_require__(__webpack_require__.s = "./app.js");
        })({
          "./app.js": (function (module, __webpack_exports__, __webpack_require__) {
            "use strict";
            __webpack_require__.r(__webpack_exports__);
            __webpack_require__.d(__webpack_exports__, "handler", function () { return handler; });
            var sdk = __webpack_require__("@aws-sdk/client-sns");
            var sns = new sdk["SNS"]({});
            var handler = async function () {
              await sns.publish({ TopicArn: process.env.TOPIC, Message: "hello" });
            };
          }),
          "@aws-sdk/client-sns": (function (module, exports) { module.exports = require("@aws-sdk/client-sns"); })
        });
    """,
    "webpack 5, minified": """
        (()=>{"use strict";const e={cw:e=>{var t;return()=>{if(e){var n=e;e=0,t={exports:{}},
        n.call(t.exports,t,t.exports)}return t.exports}},d:(t,n)=>{for(var s in n)e.o(n,s)&&!e.o(t,s)&&
        Object.defineProperty(t,s,{enumerable:!0,get:n[s]})},o:(e,t)=>Object.prototype.hasOwnProperty.call(e,t),
        r:e=>{Object.defineProperty(e,"__esModule",{value:!0})}};let t={};e.r(t),e.d(t,{handler:()=>w});
        const n=new(require("@aws-sdk/client-sns").SNS)({}),
        w=async e=>{await n.publish({TopicArn:process.env.TOPIC,Message:"hello"})};module.exports=t})();
    """,
    "tsc, CommonJS": """
        "use strict";
        var __importDefault = (this && this.__importDefault) || function (mod) {
            return (mod && mod.__esModule) ? mod : { "default": mod };
        };
        Object.defineProperty(exports, "__esModule", { value: true });
        exports.handler = void 0;
        const client_sns_1 = require("@aws-sdk/client-sns");
        const sns = new client_sns_1.SNS({});
        const send = { publish: (m) => sns.publish({ TopicArn: process.env.TOPIC, Message: m }) };
        const handler = async (event) => {
            const sent = await (0, send.publish)("hello");
            return sent;
        };
        exports.handler = handler;
    """,
    "swc": """
        "use strict";
        Object.defineProperty(exports, "__esModule", { value: true });
        function _export(target, all) {
            for (var name in all) Object.defineProperty(target, name, {
                enumerable: true,
                get: Object.getOwnPropertyDescriptor(all, name).get
            });
        }
        _export(exports, {
            get default () { return _default; },
            get handler () { return handler; }
        });
        const _clientsns = /*#__PURE__*/ _interop_require_wildcard(require("@aws-sdk/client-sns"));
        function _interop_require_wildcard(obj, nodeInterop) {
            if (!nodeInterop && obj && obj.__esModule) return obj;
            var newObj = { __proto__: null };
            for (var key in obj) { newObj[key] = obj[key]; }
            newObj.default = obj;
            return newObj;
        }
        const sns = new _clientsns.SNS({});
        const handler = async () => { await sns.publish({ TopicArn: process.env.TOPIC, Message: "hello" }); };
        const _default = handler;
    """,
    "Babel, with its newer state machine": """
        "use strict";
        Object.defineProperty(exports, "__esModule", { value: true });
        exports.handler = void 0;
        var _clientSns = require("@aws-sdk/client-sns");
        function _regenerator() { return { w: function () {}, m: function () {} }; }
        function asyncGeneratorStep(n, t) { t(n); }
        function _asyncToGenerator(n) { return function () { return new Promise(function (r) { r(n); }); }; }
        var sns = new _clientSns.SNS({});
        var handler = exports.handler = /*#__PURE__*/function () {
          var _ref = _asyncToGenerator(/*#__PURE__*/_regenerator().m(function _callee(event) {
            var topic;
            return _regenerator().w(function (_context) {
              while (1) switch (_context.n) {
                case 0:
                  _context.n = 1;
                  return Promise.resolve(process.env.TOPIC);
                case 1:
                  topic = _context.v;
                  return _context.a(2, sns.publish({ TopicArn: topic, Message: "hello" }));
              }
            }, _callee);
          }));
          return function handler(_x) { return _ref.apply(this, arguments); };
        }();
    """,
    "Babel, classes for old engines": """
        function _classCallCheck(a, n) { if (!(a instanceof n)) throw new TypeError("no"); }
        function _defineProperties(e, r) {
          for (var t = 0; t < r.length; t++) { Object.defineProperty(e, r[t].key, r[t]); }
        }
        function _createClass(e, r, t) { return r && _defineProperties(e.prototype, r), e; }
        var AWS = require("@aws-sdk/client-sns");
        var Topic = /*#__PURE__*/function () {
          function Topic(arn) { _classCallCheck(this, Topic); this.arn = arn; this.sns = new AWS.SNS({}); }
          return _createClass(Topic, [{
            key: "publish",
            value: function publish(m) { return this.sns.publish({ TopicArn: this.arn, Message: m }); }
          }]);
        }();
        exports.handler = function () { return new Topic(process.env.TOPIC).publish("hello"); };
    """,
    "Rollup": """
        'use strict';
        var clientSns = require('@aws-sdk/client-sns');
        function getDefaultExportFromCjs(x) {
          return x && x.__esModule && Object.prototype.hasOwnProperty.call(x, 'default') ? x['default'] : x;
        }
        var topic$1;
        var hasRequiredTopic;
        function requireTopic() {
          if (hasRequiredTopic) return topic$1;
          hasRequiredTopic = 1;
          const { SNS } = clientSns;
          const sns = new SNS({});
          topic$1 = { publish: (m) => sns.publish({ TopicArn: process.env.TOPIC, Message: m }) };
          return topic$1;
        }
        var topicExports = requireTopic();
        var topic = /*@__PURE__*/getDefaultExportFromCjs(topicExports);
        const handler = async () => topic.publish('hello');
        exports.handler = handler;
    """,
    "esbuild, the SDK inside": """
        var require_dist_cjs = __commonJS({
          "../../node_modules/@aws-sdk/client-sns/dist-cjs/index.js"(exports2, module2) {
            var SNS = class extends require_client().Client { publish(args) { return this.send(args); } };
            module2.exports = { SNS };
          }
        });
        var import_client_sns = __toESM(require_dist_cjs());
        var sns = new import_client_sns.SNS({});
        var handler = async () => sns.publish({ TopicArn: process.env.TOPIC, Message: "hello" });
        module.exports = { handler };
    """,
    "esbuild, the older SDK inside": """
        var require_core = __commonJS({ "node_modules/aws-sdk/lib/core.js"(e, m) { m.exports = {}; } });
        var require_sns = __commonJS({
          "node_modules/aws-sdk/clients/sns.js"(exports2, module2) {
            var AWS = require_core();
            AWS.SNS = AWS.Service.defineService("sns", ["2010-03-31"]);
            module2.exports = AWS.SNS;
          }
        });
        var SNS = require_sns();
        var sns = new SNS();
        var handler = async () => sns.publish({ TopicArn: process.env.TOPIC, Message: "hello" }).promise();
        module.exports = { handler };
    """,
    "an ES module's require": """
        import { createRequire as topLevelCreateRequire } from 'module';
        const load = topLevelCreateRequire(import.meta.url);
        const { SNS } = load("@aws-sdk/client-sns");
        const sns = new SNS({});
        export const handler = async () => sns.publish({ TopicArn: process.env.TOPIC, Message: 'hello' });
    """,
}


@pytest.mark.parametrize("form", list(FORMS))
def test_a_bundle_is_analysed_as_it_is(form: str, javascript_report: Callable[..., CallReport]) -> None:
    report = javascript_report(FORMS[form], file="app.mjs" if "export {" in FORMS[form] else "app.js")
    assert {(call.name, str(call.arguments["TopicArn"])) for call in report.calls} == {("sns.Publish", "${env:TOPIC}")}
    assert report.findings == ()


def test_a_bundle_of_two_handlers_gives_each_its_own(javascript_report: Callable[..., CallReport]) -> None:
    source = """
        var o=Object.defineProperty,S=(e,t)=>{for(var n in t)o(e,n,{get:t[n],enumerable:!0})};
        var O={};S(O,{one:()=>a,two:()=>b});module.exports=O;
        var s=new(require("@aws-sdk/client-sns").SNS)({}),
        a=()=>s.publish({TopicArn:"a"}),b=()=>s.publish({TopicArn:"b"});
    """
    for symbol, topic in (("one", "a"), ("two", "b")):
        report = javascript_report(source, symbol=symbol)
        assert [str(call.arguments["TopicArn"]) for call in report.calls] == [topic]


def test_functions_that_a_loop_makes_keep_its_variable(javascript_calls: Callable[..., list[str]]) -> None:
    assert javascript_calls("""
        const { SNS } = require("@aws-sdk/client-sns");
        const sns = new SNS({});
        const senders = {};
        for (const topic of ["a", "b"]) senders[topic] = () => sns.publish({ TopicArn: topic });
        exports.handler = () => senders.a();
    """) == ["sns.Publish TopicArn=a"]


def test_what_is_written_to_a_function_is_read_from_it(javascript_calls: Callable[..., list[str]]) -> None:
    assert javascript_calls("""
        const { SNS } = require("@aws-sdk/client-sns");
        function notify(text) { return notify.client.publish({ TopicArn: notify.topic, Message: text }); }
        notify.client = new SNS({});
        notify.topic = "t";
        exports.handler = () => notify("x");
    """) == ["sns.Publish TopicArn=t Message=x"]
