// Notes each SDK call that happens while a Lambda handler runs; node loads this by --require, in jest's workers, too.
//
// SCOPEDOWN_HANDLERS names a file of JSON, {absolute file: [exports]}; SCOPEDOWN_SEEN the file to which one line of JSON is added for each call:
// calls (its [service, operation]: serviceId of v3, the class of v2), handlers, the [file, export] that were running, and mocked where a test's
// mock of the SDK's module was asked. A command of v3 counts where it is made, so that any mock of send may answer it. Handlers are wrapped where
// their module is loaded, by node's require or by jest; of ES modules they are found on the stack, which names who awaits.
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const fs = require('fs');
const Module = require('module');
const path = require('path');

const SEEN = process.env.SCOPEDOWN_SEEN;
const HANDLERS = process.env.SCOPEDOWN_HANDLERS ? JSON.parse(fs.readFileSync(process.env.SCOPEDOWN_HANDLERS, 'utf8')) : {};
const running = new AsyncLocalStorage();
const done = new WeakSet();

function note(service, operation, mocked = false) {
  if (!service || !operation) return;
  const handlers = running.getStore() || onStack();
  fs.appendFileSync(SEEN, JSON.stringify({ calls: [[service, operation]], handlers, mocked }) + '\n');
}

// The handlers whose functions are on the stack, those that wait for it included.
function onStack() {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  const lines = (new Error().stack || '').split('\n');
  Error.stackTraceLimit = limit;
  const found = new Map();
  for (const line of lines) {
    const place = /^\s*at (?:async )?(?:(\S+) (?:\[as \S+\] )?\()?(?:file:\/\/)?(\/[^:?)]+)/.exec(line);
    const names = place && HANDLERS[place[2]];
    if (!names) continue;
    const called = (place[1] || '').split('.').pop();
    for (const name of names.includes(called) ? [called] : called && called !== '<anonymous>' ? [] : names) found.set(`${place[2]} ${name}`, [place[2], name]);
  }
  return [...found.values()];
}

function once(thing, change) {
  if (thing && !done.has(thing)) {
    done.add(thing);
    change(thing);
  }
}

const operation = (command) => (command && command.constructor ? command.constructor.name.replace(/Command$/, '') : '');
const serviceOf = (client) => (client && client.config && client.config.serviceId) || (client && client.constructor ? client.constructor.name : '');

function noting(owner) {
  const { send } = owner;
  if (typeof send !== 'function') return;
  owner.send = Object.assign(function (command, ...rest) {
    note(serviceOf(this), operation(command));
    return send.call(this, command, ...rest);
  }, send);
}

const proxied = new WeakMap();

function proxy(target, traps) {
  if (!proxied.has(target)) proxied.set(target, new Proxy(target, traps));
  return proxied.get(target);
}

const callable = (value) => typeof value === 'function';
const object = (value) => value !== null && typeof value === 'object';

// The class of a command, which is noted where one is made.
function noted(Command, service, name, mocked) {
  const call = name.replace(/Command$/, '');
  return proxy(Command, {
    construct(target, given, made) {
      note(service, call, mocked);
      return Reflect.construct(target, given, made === proxied.get(target) ? target : made);
    },
  });
}

function commands(service, exported, mocked) {
  return proxy(exported, {
    get(target, key) {
      const value = target[key];
      if (typeof key !== 'string' || !callable(value)) return value;
      if (/^[A-Z]\w*Command$/.test(key)) return noted(value, service, key, mocked);
      return mocked && /^[A-Z]/.test(key) ? client(service, value) : value;
    },
  });
}

// A mocked class of a client, and what it makes; each method that is called is one of the service's operations.
function client(service, value) {
  const made = (result) => (object(result) && !callable(result.then) ? instance(service, result) : result);
  return proxy(value, {
    get: (target, key) => (key === 'DocumentClient' && callable(target[key]) ? client(service, target[key]) : target[key]),
    construct: (target, given, by) => made(Reflect.construct(target, given, by === proxied.get(target) ? target : by)),
    apply: (target, self, given) => made(Reflect.apply(target, self, given)),
  });
}

function instance(service, value) {
  return proxy(value, {
    get(target, key) {
      const method = target[key];
      if (typeof key !== 'string' || !callable(method)) return method;
      return proxy(method, {
        apply(called, self, given) {
          const named = /^getSignedUrl/.test(key) && typeof given[0] === 'string' ? given[0] : key;
          note(service, named[0].toUpperCase() + named.slice(1), true);
          return Reflect.apply(called, self === proxied.get(target) ? target : self, given);
        },
      });
    },
  });
}

// A mock of a whole module of the SDK, or its v2, whose methods a test may spy on.
function mocked(name, exported) {
  const three = /^@aws-sdk\/(?:client-([a-z0-9-]+)|lib-dynamodb)$/.exec(name);
  if (three) return commands(three[1] || 'dynamodb', exported, true);
  const one = /^aws-sdk\/clients\/(\w+)$/.exec(name);
  if (one) return callable(exported) ? client(one[1], exported) : exported;
  if (name !== 'aws-sdk') return exported;
  return proxy(exported, {
    get(target, key) {
      const value = target[key];
      if (key === 'default' && object(value)) return mocked(name, value);
      if (typeof key !== 'string' || !/^[A-Z]/.test(key)) return value;
      return callable(value) || object(value) ? client(key, value) : value;
    },
  });
}

// What a module of the SDK or of its mocks exports, changed so that calls are noted.
function sdk(name, exported) {
  if (/aws-sdk\/lib\/aws\.js$/.test(name)) return mocked('aws-sdk', exported);
  const single = /aws-sdk\/clients\/(\w+)\.js$/.exec(name);
  if (single && single[1] !== 'all') return mocked(`aws-sdk/clients/${single[1]}`, exported);
  const package_ = /@aws-sdk\/(?:client-([a-z0-9-]+)|lib-dynamodb)\/dist-cjs\/index\.js$/.exec(name);
  if (package_) return commands(package_[1] || 'dynamodb', exported, false);
  if (/aws-sdk-mock\/(index|dist\/index|dist\/src\/index)\.js$/.test(name)) {
    const owner = object(exported.default) || callable(exported.default) ? exported.default : exported;
    once(owner, () => {
      for (const way of ['mock', 'remock']) {
        const { [way]: original } = owner;
        if (!callable(original)) continue;
        owner[way] = (service, method, answer) => {
          const call = method[0].toUpperCase() + method.slice(1);
          const first = service.split('.')[0];
          const noting = callable(answer)
            ? proxy(answer, { apply: (target, self, given) => { note(first, call, true); return Reflect.apply(target, self, given); } })
            : (params, done) => { note(first, call, true); return (callable(params) ? params : done)(null, answer); };
          return original.call(owner, service, method, noting);
        };
      }
    });
  }
  if (/smithy-client\/dist-cjs\/index\.js$/.test(name)) once(exported.Client && exported.Client.prototype, noting);
  if (/@smithy\/core\/dist-cjs\/submodules\/client\/index\.js$/.test(name)) once(exported.Client && exported.Client.prototype, noting);
  if (/aws-sdk\/lib\/core\.js$/.test(name)) {
    once(exported.Request && exported.Request.prototype, (prototype) => {
      const { runTo } = prototype;
      prototype.runTo = function (...given) {
        if (!done.has(this)) {
          done.add(this);
          note(this.service.api.serviceId, this.operation[0].toUpperCase() + this.operation.slice(1));
        }
        return runTo.apply(this, given);
      };
    });
  }
  // A mocked client has a send of its own.
  if (/aws-sdk-client-mock\/dist\/cjs\/index\.js$/.test(name) && exported.mockClient && !done.has(exported)) {
    done.add(exported);
    const { mockClient } = exported;
    const mocked = (client, ...rest) => {
      const made = mockClient(client, ...rest);
      const owner = typeof client === 'function' ? client.prototype : client;
      const { reset } = made;
      noting(owner);
      let noted = owner.send;
      made.reset = (...given) => {  // Some releases make a new stub.
        const result = reset.apply(made, given);
        if (owner.send !== noted) noting(owner);
        noted = owner.send;
        return result;
      };
      return made;
    };
    return new Proxy(exported, { get: (target, key) => (key === 'mockClient' ? mocked : target[key]) });
  }
  return exported;
}

// The exports of a handler's module, with its handlers wrapped.
function handlers(file, exported) {
  const names = HANDLERS[file];
  if (!names || exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) return exported;
  const wrapped = new Map();
  const wrap = (key, value) => {
    if (typeof value !== 'function' || !names.includes(String(key))) return value;
    if (!wrapped.has(value)) {
      wrapped.set(value, new Proxy(value, { apply: (target, self, given) => running.run([[file, String(key)]], () => Reflect.apply(target, self, given)) }));
    }
    return wrapped.get(value);
  };
  const copy = Object.create(Object.getPrototypeOf(exported));
  for (const key of Reflect.ownKeys(exported)) {
    Object.defineProperty(copy, key, {
      configurable: true, enumerable: Object.prototype.propertyIsEnumerable.call(exported, key), get: () => wrap(key, exported[key]),
      set: (value) => { exported[key] = value; },
    });
  }
  return typeof exported === 'function' ? exported : copy;
}

function loaded(file, exported) {
  try {
    return handlers(file, sdk(file.split(path.sep).join('/'), exported));
  } catch (error) {
    return exported;
  }
}

// Several files may export the same object.
function remembered(cache, file, exported) {
  if (!cache.has(exported)) cache.set(exported, new Map());
  const files = cache.get(exported);
  if (!files.has(file)) files.set(file, loaded(file, exported));
  return files.get(file);
}

// Jest has a loader of its own.
function jest(exported) {
  const Runtime = exported.default || exported;
  once(Runtime.prototype, (prototype) => {
    const { requireModule, requireMock } = prototype;
    prototype.requireMock = function (from, name) {
      const result = requireMock.call(this, from, name);
      try { return object(result) || callable(result) ? mocked(name, result) : result; } catch (error) { return result; }
    };
    const cache = new WeakMap();
    prototype.requireModule = function (from, name, ...rest) {
      const result = requireModule.call(this, from, name, ...rest);
      let file = '';
      try {
        if (name === undefined) file = from;
        else file = this._resolveCjsModule ? this._resolveCjsModule(from, name) : this._resolveModule(from, name, { conditions: this.cjsConditions });
      } catch (error) { return result; }
      if (result === null || (typeof result !== 'object' && typeof result !== 'function')) return result;
      return remembered(cache, file, result);
    };
  });
}

if (SEEN && Object.keys(HANDLERS).length) {
  const { _load } = Module;
  const cache = new WeakMap();
  Module._load = function (request, parent, isMain) {
    const result = _load.call(this, request, parent, isMain);
    if (result === null || (typeof result !== 'object' && typeof result !== 'function') || Module.isBuiltin(request)) return result;
    let file = '';
    try { file = Module._resolveFilename(request, parent, isMain); } catch (error) { return result; }
    if (/jest-runtime\/build\/index\.js$/.test(file)) jest(result);
    return remembered(cache, file, result);
  };
}
