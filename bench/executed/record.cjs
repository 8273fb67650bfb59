// Notes each SDK call that happens while a Lambda handler runs; node loads this by --require, in jest's workers, too.
//
// SCOPEDOWN_HANDLERS names a file of JSON, {absolute file: [exports]}; SCOPEDOWN_SEEN the file to which one line of JSON is added for each call:
// service (serviceId of v3, the class of v2), operation and handlers, the [file, export] that were running. Handlers are wrapped where their
// module is loaded, by node's require or by jest; ES modules are not seen.
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const fs = require('fs');
const Module = require('module');
const path = require('path');

const SEEN = process.env.SCOPEDOWN_SEEN;
const HANDLERS = process.env.SCOPEDOWN_HANDLERS ? JSON.parse(fs.readFileSync(process.env.SCOPEDOWN_HANDLERS, 'utf8')) : {};
const running = new AsyncLocalStorage();
const done = new WeakSet();

function note(service, operation) {
  const handlers = running.getStore() || [];
  fs.appendFileSync(SEEN, JSON.stringify({ service, operation, handlers }) + '\n');
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

// What a module of the SDK or of its mocks exports, changed so that calls are noted.
function sdk(name, exported) {
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

// Jest has a loader of its own.
function jest(exported) {
  const Runtime = exported.default || exported;
  once(Runtime.prototype, (prototype) => {
    const { requireModule } = prototype;
    const cache = new WeakMap();
    prototype.requireModule = function (from, name, ...rest) {
      const result = requireModule.call(this, from, name, ...rest);
      let file = '';
      try {
        if (name === undefined) file = from;
        else file = this._resolveCjsModule ? this._resolveCjsModule(from, name) : this._resolveModule(from, name, { conditions: this.cjsConditions });
      } catch (error) { return result; }
      if (result === null || (typeof result !== 'object' && typeof result !== 'function')) return result;
      if (!cache.has(result)) cache.set(result, loaded(file, result));
      return cache.get(result);
    };
  });
}

if (SEEN && Object.keys(HANDLERS).length) {
  const { _load } = Module;
  const cache = new WeakMap();
  Module._load = function (request, parent, isMain) {
    const result = _load.call(this, request, parent, isMain);
    if (result === null || (typeof result !== 'object' && typeof result !== 'function') || Module.isBuiltin(request)) return result;
    if (cache.has(result)) return cache.get(result);
    let file = '';
    try { file = Module._resolveFilename(request, parent, isMain); } catch (error) { return result; }
    if (/jest-runtime\/build\/index\.js$/.test(file)) jest(result);
    cache.set(result, loaded(file, result));
    return cache.get(result);
  };
}
