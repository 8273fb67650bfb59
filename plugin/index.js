'use strict';

// serverless-scopedown: scopedown's commands within the framework, and a gate before deploy. What is decided, is decided
// by scopedown, the Python program; here it is found, told what the framework was told, and waited for.

const fs = require('fs');
const path = require('path');
const { commandLine } = require('./arguments');
const { find, run } = require('./find');
const { frameworkOf } = require('./framework');
const commands = require('./options.json');
const { schema, settingsOf } = require('./settings');

const TEMPLATE = 'cloudformation-template-update-stack.json';
// Set for all that scopedown starts: a framework that runs within scopedown (prove, --run-framework) has no gate.
const RUNNING = 'SCOPEDOWN_RUNNING';

module.exports = class ScopedownPlugin {
  constructor(serverless, options, utils) {
    this.serverless = serverless;
    this.options = options;
    this.log = utils && utils.log;
    this.wasGated = false;
    if (serverless.configSchemaHandler) serverless.configSchemaHandler.defineCustomProperties(schema);
    const names = Object.keys(commands);
    this.commands = {
      scopedown: {
        type: 'container',
        usage: 'Least-privilege IAM, from the project and its code',
        commands: Object.fromEntries(names.map((name) => [name, { ...commands[name], lifecycleEvents: ['run'] }])),
      },
    };
    this.hooks = {
      ...Object.fromEntries(names.map((name) => [`scopedown:${name}:run`, this.ending(() => this.command(name))])),
      // The gate comes before packaging, which may take long, or after it where it reads the compiled template.
      // `deploy` runs `package`, unless it is given what was packaged before.
      'before:package:cleanup': this.ending(() => this.gate('package', false)),
      'after:package:finalize': this.ending(() => this.gate('package', true)),
      'before:deploy:deploy': this.ending(() => this.gate('deploy', true)),
      'before:deploy:function:initialize': this.ending(() => this.gate('deploy function', false)),
    };
  }

  /** One of `serverless scopedown …`: scopedown's exit code becomes the framework's. */
  command(name) {
    exitWith(this.run(commandLine(name, commands[name].options, this.asked())));
  }

  /** Run the check where it is due: where it objects an error, which stops the framework. */
  gate(moment, isPackaged) {
    const { compiled, gate, gateOn } = this.settings();
    if (this.wasGated || gate === 'off') return;
    const isDeploy = this.serverless.processedInput.commands[0] === 'deploy';
    if (moment === 'package' && !isDeploy && gateOn !== 'package') return;
    const isCompiled = compiled && moment !== 'deploy function';
    if (isCompiled && !isPackaged) return;
    this.wasGated = true;
    if (process.env[RUNNING]) {
      if (this.log) this.log.verbose('no gate in a framework that scopedown runs');
      return;
    }
    try {
      const asked = this.asked();
      asked.options = { stage: asked.options.stage, region: asked.options.region, param: asked.options.param };
      if (moment === 'deploy function') asked.options.function = [this.options.function];
      if (isCompiled) asked.options.compiled = this.template();
      const code = this.run(commandLine('check', commands.check.options, asked));
      if (code !== 0) throw this.objection(code);
    } catch (error) {
      if (gate !== 'warn') throw error;
      if (this.log) this.log.warning(error.message);
      else process.stderr.write(`Warning: ${error.message}\n`);
    }
  }

  objection(code) {
    const told =
      code === 1 ? 'found problems in the roles of this service: see above' : `ended with exit code ${code}: see above`;
    return this.error(`scopedown check ${told}`, 'SCOPEDOWN_GATE', code);
  }

  run(words) {
    const { serviceDir } = this.serverless;
    // The framework takes its last lines of progress back from the end of a terminal: such lines are put there for it,
    // else it takes the last lines of what scopedown says.
    const isTerminal = Boolean(process.stdout.isTTY);
    if (isTerminal) fs.writeSync(1, '\n');
    try {
      const program = find(this.settings().command, process.env, serviceDir);
      return run(program, words, serviceDir, { ...process.env, [RUNNING]: '1' });
    } catch (error) {
      throw this.told(error, 'SCOPEDOWN_NOT_FOUND');
    } finally {
      if (isTerminal) fs.writeSync(1, '\n\n\n');
    }
  }

  /** What scopedown is to be told of the running framework. */
  asked() {
    return {
      options: { ...this.options },
      settings: this.settings(),
      config: this.serverless.configurationFilename,
      ...frameworkOf(this.serverless),
    };
  }

  template() {
    const given = this.options.package || this.serverless.service.package.path || '.serverless';
    const folder = path.resolve(this.serverless.serviceDir, given);
    if (path.basename(folder) === '.serverless') return path.join(folder, TEMPLATE);
    const told = `custom.scopedown.compiled finds functions' files beside .serverless only, and the package is in ${given}`;
    throw this.error(told, 'SCOPEDOWN_COMPILED', 2);
  }

  settings() {
    const { custom } = this.serverless.service;
    try {
      return settingsOf(custom && custom.scopedown, process.env);
    } catch (error) {
      throw this.told(error, 'SCOPEDOWN_SETTINGS');
    }
  }

  /** What is the user's to mend, as the framework's own error: shown as a sentence, without a stack. */
  told(error, code) {
    return error.isForUser ? this.error(error.message, code, 2) : error;
  }

  error(message, code, exitCode) {
    return Object.assign(new this.serverless.classes.Error(message, code), { exitCode });
  }

  /** A hook whose errors end the framework with their own exit code. */
  ending(hook) {
    return async () => {
      try {
        hook();
      } catch (error) {
        exitWith(error.exitCode || 1);
        throw error;
      }
    };
  }
};

/** The exit code of the whole process. The framework sets 1 at every error: ours is set last. */
function exitWith(code) {
  if (code === 0) return;
  process.exitCode = code;
  process.once('exit', () => (process.exitCode = code));
}
