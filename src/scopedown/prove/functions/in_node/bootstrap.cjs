// Runs one Lambda handler on one event, as Lambda's Node runtime does.
//
// In: SCOPEDOWN_PROVE (the path of a JSON file). Out: the file `result` that it names: {outcome, type, message, result}.
// How a handler is found and called: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html; its context:
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { Writable } = require('node:stream');

const asked = JSON.parse(fs.readFileSync(process.env.SCOPEDOWN_PROVE, 'utf8'));
let isTold = false;

function tell(outcome, error, result) {
  if (isTold) return;
  isTold = true;
  const told = { outcome };
  if (error !== undefined && error !== null) {
    told.type = String(error.name && error.name !== 'Error' ? error.name : error.code || error.name || typeof error);
    told.message = String(error.message !== undefined && error.message !== '' ? error.message : error);
    if (!error.message && Array.isArray(error.errors)) told.message = error.errors.map(String).join('; ');
    console.error(error);
  }
  try {
    told.result = JSON.stringify(result === undefined ? null : result) || 'null';
  } catch (problem) {
    Object.assign(told, { outcome: 'error', type: 'Runtime.MarshalError', message: problem.message });
  }
  if (told.result) told.result = told.result.slice(0, asked.kept);
  fs.writeFileSync(asked.result, JSON.stringify(told));
}

function end(outcome, error, result) {
  tell(outcome, error, result);
  process.exit(0);
}

function provideRuntimeModules() {
  const resolve = Module._resolveFilename;
  const fallbacks = asked.runtime_modules.map((folder) => {
    const parent = new Module(path.join(folder, '..', 'any.js'));
    parent.filename = parent.id;
    parent.paths = [folder];
    return parent;
  });
  Module._resolveFilename = function (request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if (!/^(aws-sdk($|\/)|@aws-sdk\/|@smithy\/)/.test(request)) throw error;
      for (const parent of fallbacks) {
        try {
          const found = resolve.call(Module, request, parent, false);
          fs.appendFileSync(asked.provided, `${request}\n`);
          return found;
        } catch {
          // not in that one either
        }
      }
      fs.appendFileSync(asked.missing, `${request}\n`);
      throw error;
    }
  };
  if (Module.register && fallbacks.length) {
    Module.register('./resolve.mjs', {
      parentURL: pathToFileURL(__filename).href,
      data: {
        provided: asked.provided,
        missing: asked.missing,
        folders: asked.runtime_modules.map((folder) => pathToFileURL(path.join(folder, '..', 'any.js')).href),
      },
    });
  }
}

// TypeScript that nothing was compiled from: by the project's own esbuild or typescript, where Node does not strip types.
function readTypeScript(file) {
  const own = Module.createRequire(file);
  const found = (name) => {
    try {
      return own(name);
    } catch {
      return null;
    }
  };
  const esbuild = found('esbuild');
  const typescript = esbuild ? null : found('typescript');
  if (!esbuild && !typescript) {
    if (process.features.typescript) return false;
    throw Object.assign(
      new Error(`${path.basename(file)} is TypeScript: package the service first, or install esbuild or typescript`),
      { name: 'Runtime.ImportModuleError' },
    );
  }
  const compile = (text, name) =>
    esbuild
      ? esbuild.transformSync(text, { loader: name.endsWith('x') ? 'tsx' : 'ts', format: 'cjs', sourcefile: name }).code
      : typescript.transpileModule(text, {
          fileName: name,
          compilerOptions: {
            module: 'commonjs', target: 'es2020', esModuleInterop: true, experimentalDecorators: true,
            emitDecoratorMetadata: true, jsx: 'react', resolveJsonModule: true,
          },
        }).outputText;
  for (const ending of ['.ts', '.tsx', '.cts', '.mts']) {
    Module._extensions[ending] = (module, name) => module._compile(compile(fs.readFileSync(name, 'utf8'), name), name);
  }
  return true;
}

function isModuleScope(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) {
      try {
        return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (path.dirname(folder) === folder) return false;
  }
}

async function load() {
  const base = path.basename(asked.handler);
  const dot = base.indexOf('.');
  if (dot < 0) throw Object.assign(new Error('Bad handler'), { name: 'Runtime.MalformedHandlerName' });
  const stem = path.resolve(asked.root, path.dirname(asked.handler), base.slice(0, dot));
  const symbol = base.slice(dot + 1);
  const file = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx']
    .map((ending) => stem + ending)
    .find((one) => fs.existsSync(one) && fs.statSync(one).isFile());
  let module;
  if (file && /\.[mc]?tsx?$/.test(file)) {
    module = readTypeScript(file) ? require(file) : await import(pathToFileURL(file).href);
  } else if (file && (file.endsWith('.mjs') || (file.endsWith('.js') && isModuleScope(file)))) {
    module = await import(pathToFileURL(file).href);
  } else {
    module = require(file || stem);
  }
  let found = module;
  for (const name of symbol.split('.')) found = found === undefined || found === null ? undefined : found[name];
  if (typeof found !== 'function' && module && module.default) {
    found = module.default;
    for (const name of symbol.split('.')) found = found === undefined || found === null ? undefined : found[name];
  }
  if (typeof found !== 'function') {
    const what = found === undefined ? 'is undefined or not exported' : 'is not a function';
    throw Object.assign(new Error(`${asked.handler} ${what}`), { name: 'Runtime.HandlerNotFound' });
  }
  return found;
}

function contextOf(done) {
  const deadline = Date.now() + asked.context.milliseconds;
  const { milliseconds, ...named } = asked.context;
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...named,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
    done,
    succeed: (result) => done(null, result),
    fail: (error) => done(error === undefined || error === null ? new Error('handled') : error),
  };
}

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
globalThis.awslambda = {
  streamifyResponse: (handler, options) => Object.assign(handler, { [STREAMING]: options || 'response' }),
  HttpResponseStream: {
    from(stream, prelude) {
      stream.prelude = prelude;
      return stream;
    },
  },
};

async function run() {
  process.on('uncaughtException', (error) => end('error', error));
  process.on('unhandledRejection', (error) => end('error', error));
  provideRuntimeModules();
  let handler;
  try {
    handler = await load();
  } catch (error) {
    return end('load', error);
  }
  let isWaiting = true; // Lambda answers a callback only when nothing more is to happen, unless told otherwise
  process.on('beforeExit', () => {
    if (isWaiting) end('ok', null, null);
  });
  const done = (error, result) => {
    if (!isWaiting) return;
    isWaiting = false;
    const finish = () => end(error ? 'error' : 'ok', error, result);
    if (error || !context.callbackWaitsForEmptyEventLoop) finish();
    else process.on('beforeExit', finish);
  };
  const context = contextOf(done);
  fs.writeFileSync(asked.started, '');
  try {
    if (handler[STREAMING]) {
      const chunks = [];
      const stream = new Writable({
        write(chunk, encoding, next) {
          chunks.push(Buffer.from(chunk));
          next();
        },
      });
      stream.setContentType = () => {};
      await handler(asked.event, stream, context);
      if (!stream.writableFinished && stream.writableEnded) await new Promise((wake) => stream.once('finish', wake));
      return end('ok', null, Buffer.concat(chunks).toString());
    }
    const answered = handler(asked.event, context, done);
    if (answered && typeof answered.then === 'function') {
      const result = await answered;
      if (isWaiting) end('ok', null, result);
    }
  } catch (error) {
    end('error', error);
  }
}

run();
