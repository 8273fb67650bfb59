'use strict';

const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const isWindows = process.platform === 'win32';
// A .cmd or .bat needs a shell, and there is none here: Node refuses to start one without.
const SUFFIXES = isWindows ? ['.exe', '.com'] : [''];
// -P keeps a Python from taking the service's own files for modules. It came with Python 3.11, as scopedown needs it.
const PYTHONS = isWindows ? [['py', '-3'], ['python'], ['python3']] : [['python3'], ['python']];
const LIMIT = 30000;

class UserError extends Error {
  get isForUser() {
    return true;
  }
}

/**
 * The words that start scopedown: what the setting `command` says, else the environment's SCOPEDOWN, else `scopedown`
 * on the PATH, else a Python that has it. Raises an error for the user where there is none.
 */
function find(command, env, folder) {
  if (command) return named(command, 'custom.scopedown.command', env, folder);
  if (env.SCOPEDOWN) return named(env.SCOPEDOWN, 'SCOPEDOWN', env, folder);
  const program = onPath('scopedown', env);
  if (program) return [program];
  for (const [name, ...before] of PYTHONS) {
    const python = onPath(name, env);
    const words = python && [python, ...before, '-P'];
    if (words && ends(words.concat('-c', 'import scopedown'), folder, env)) return words.concat('-m', 'scopedown');
  }
  throw new UserError(
    'scopedown was not found on the PATH, nor in the Python there: install it (it needs Python 3.11 or newer), or name ' +
      'its program with custom.scopedown.command or the environment variable SCOPEDOWN'
  );
}

/** A list is taken as it is; text is one program where there is such a file, else words. */
function named(command, by, env, folder) {
  const whole = Array.isArray(command) ? command : [command];
  for (const [name, ...rest] of Array.isArray(command) ? [whole] : [whole, command.trim().split(/\s+/)]) {
    const program = /[\\/]/.test(name) ? executable(path.resolve(folder, name)) : onPath(name, env);
    if (program) return [program, ...rest];
  }
  throw new UserError(`${by} says "${whole.join(' ')}", which is not a program that can be started: correct it`);
}

function onPath(name, env) {
  for (const folder of (env.PATH || '').split(path.delimiter)) {
    const found = path.isAbsolute(folder) && executable(path.join(folder, name));
    if (found) return found;
  }
  return null;
}

function executable(file) {
  for (const suffix of SUFFIXES) {
    const name = file.toLowerCase().endsWith(suffix) ? file : file + suffix;
    try {
      fs.accessSync(name, fs.constants.X_OK);
      if (fs.statSync(name).isFile()) return name;
    } catch {
      // The next one.
    }
  }
  return null;
}

function ends([program, ...words], cwd, env) {
  return spawnSync(program, words, { cwd, env, stdio: 'ignore', timeout: LIMIT, windowsHide: true }).status === 0;
}

/** Run scopedown on the terminal that the framework has; its exit code. */
function run([program, ...before], words, cwd, env) {
  const ended = spawnSync(program, [...before, ...words], { cwd, env, stdio: 'inherit', shell: false });
  if (ended.error) {
    const why = ended.error.code || ended.error.message;
    throw new UserError(`${program} cannot be started (${why}): install scopedown again, or name another program`);
  }
  return ended.status === null ? 130 : ended.status;
}

module.exports = { UserError, find, run };
