// Asks the framework itself: its variable resolver and its CloudFormation compiler, in one long-lived process.
//
//   FRAMEWORK_DIR=FOLDER [FRAMEWORK=serverless] node driver.js
//
// FOLDER holds node_modules/FRAMEWORK, which is osls where nothing is said, or serverless 3. The latter is only asked to
// compile: its configurations come resolved.
//
// One JSON request a line on standard input, one JSON answer a line on standard output, in the same order.
//
// Request: {"folder": where the service stands (absolute; files are written below it),
//           "configuration": the configuration itself, instead of the one in the folder's serverless file; before it
//             is compiled, forms of v1 and v2 in the latter are brought into today's,
//           "options": {"stage": …, "region": …, …} as the command line gives them,
//           "resolved": true where that configuration has no variables any more,
//           "environment": variables that ${env:…} sees beside nothing else,
//           "compile": true for the template, else only variables are resolved}
// Answer:  {"resolved": the configuration, variables replaced,
//           "refused": {"path.of.property": the framework's message},
//           "dropped": plugins that were left out because they are not installed beside osls,
//           "warnings": what the framework's schema objects to,
//           "template": the compiled CloudFormation template, where it was asked for and nothing was refused,
//           "nested": the templates of nested stacks that a plugin writes, by the stack's logical id,
//           "failed": the message, where the framework gives up altogether,
//           "endless": true, where its resolver waits for itself (some circles it does not notice)}
//
// The order of the passes is that of the framework's own command (osls 4.3.1, scripts/serverless.js): first the
// provider's name, stage and useDotenv, then what files and options tell, then parameters, then what AWS is asked
// for; it matters, since parameters are taken as they stand when the first of them is asked for. What differs from the command: values of AWS come from stubs, no archive is built, every refused property is told
// instead of the first. Nothing is sent anywhere.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');
const readline = require('readline');

const ROOT = path.join(
  path.resolve(process.env.FRAMEWORK_DIR),
  'node_modules',
  process.env.FRAMEWORK || 'osls'
);
const own = (name) => require(path.join(ROOT, 'lib', name));
const source = (name) => own(`configuration/variables/sources/${name}`);

// The framework prints its progress on standard output, which carries the answers here.
const write = process.stdout.write.bind(process.stdout);
const answer = (value) => write(`${JSON.stringify(value)}\n`);
process.stdout.write = process.stderr.write.bind(process.stderr);
// The resolver keeps failures that it then tells of a property; nobody waits for some of those promises.
process.on('unhandledRejection', () => {});
// Modules of the framework look at the command line while they load.
process.argv = [process.argv[0], 'serverless', 'package'];

const Serverless = own('serverless');
const readConfiguration = own('configuration/read');
const configurationPath = own('cli/resolve-configuration-path');
const resolveInput = own('cli/resolve-input');
// While a service is compiled its stack is asked for: as before a first deployment, there is none.
const noStack = async (asked, method, parameters) => {
  const { StackName: name } = parameters || (asked && asked.input) || {};
  const error = new Error(`Stack with id ${name || 'oracle'} does not exist`);
  throw Object.assign(error, { name: 'ValidationError', providerError: { code: 'ValidationError' } });
};
if (process.env.FRAMEWORK === 'serverless') {
  own('plugins/aws/provider').prototype.request = noStack;
}
// osls asks with its client of the AWS SDK, and plugins with copies of theirs.
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request === '@aws-sdk/client-cloudformation') loaded.CloudFormationClient.prototype.send = noStack;
  return loaded;
};
require('net').Socket.prototype.connect = () => {
  throw new Error('nothing is sent anywhere');
};
const emptyArchive = Buffer.from('504b0506'.padEnd(44, '0'), 'hex');
const ownEnvironment = { ...process.env };

const PATIENCE = 2000; // milliseconds; a configuration resolves in a few

const plain = (value) => JSON.parse(JSON.stringify(value));

/** A source that only AWS can answer: the answer tells what was asked. `sign` must stand in an address. */
const ensureString = require(require.resolve('type/string/ensure', { paths: [ROOT] }));
const ServerlessError = own('serverless-error');
const stub = (name, sign = '') => ({
  resolve: async ({ address }) => {
    const asked = ensureString(address);
    if (!asked.includes(sign)) throw new ServerlessError(`Unsupported "${asked}" address`, 'UNSUPPORTED_ADDRESS');
    return { value: `stub-${name}:${asked}` };
  },
});

/** The account is AWS's to tell, the region is not: the framework's own source answers for it. */
const aws = (instance) => {
  const its = source('instance-dependent/get-aws')(instance);
  return {
    resolve: async (request) => (request.address === 'accountId' ? { value: '123456789012' } : its.resolve(request)),
  };
};

/** Resolve all variables of a configuration, in place; gives what the framework refuses, by property. */
async function resolve(folder, configuration, options) {
  const resolveMeta = own('configuration/variables/resolve-meta');
  const resolveVariables = own('configuration/variables/resolve');
  const otherStages = own('configuration/variables/defer-irrelevant-stage-params');
  const loadDotenv = own('cli/conditionally-load-dotenv');
  const meta = resolveMeta(configuration);
  const instance = {
    configurationInput: configuration,
    processedInput: { options, commands: ['package'] },
    instanceId: 'ORACLE',
    getProvider: () => ({ getRegion: () => options.region || 'us-east-1' }),
  };
  const state = {
    serviceDir: folder,
    configuration,
    variablesMeta: meta,
    // A command knows which options it has: those not given are null, not still to come.
    options: { stage: null, region: null, ...options },
    sources: {
      env: source('env'),
      file: source('file'),
      opt: source('opt'),
      self: source('self'),
      strToBool: source('str-to-bool'),
      sls: source('instance-dependent/get-sls')(),
    },
    fulfilledSources: new Set(['file', 'self', 'strToBool']),
  };
  state.isPropertyDeferred = otherStages(configuration, state);

  const first = { ...state, propertyPathsToResolve: new Set(['provider\0name', 'provider\0stage', 'useDotenv']) };
  await resolveVariables(first);
  state.fulfilledSources.add('env');
  await resolveVariables(first);
  await loadDotenv(options, configuration);
  await resolveVariables(state);
  state.options = options;
  state.sources.sls = source('instance-dependent/get-sls')(instance);
  state.sources.param = source('instance-dependent/param')(instance);
  state.fulfilledSources.add('opt').add('sls').add('param');
  await resolveVariables(state);
  Object.assign(state.sources, { aws: aws(instance), cf: stub('cf', '.'), s3: stub('s3', '/'), ssm: stub('ssm') });
  for (const name of ['aws', 'cf', 's3', 'ssm']) state.fulfilledSources.add(name);
  await resolveVariables(state);

  const refused = {};
  for (const [property, { error }] of meta) {
    if (error || !state.isPropertyDeferred(property)) {
      refused[property.split('\0').join('.')] = error ? error.message : 'Unrecognized configuration variable source';
    }
  }
  return refused;
}

/** Bring what v1 and v2 of the framework accepted, and osls refuses, into today's form, as this project does. */
function modernize(configuration) {
  const { service } = configuration;
  if (service && typeof service === 'object') configuration.service = service.name;
  if (typeof configuration.provider === 'string') configuration.provider = { name: configuration.provider };
  if (configuration.provider && typeof configuration.provider === 'object') {
    if (configuration.provider.stage == null) configuration.provider.stage = 'dev';
    if (configuration.provider.region == null) configuration.provider.region = 'us-east-1';
  }
}

/** Keep the plugins that are installed beside osls (NODE_PATH finds them); gives the names of the others. */
function choosePlugins(configuration) {
  const written = configuration.plugins;
  const names = Array.isArray(written) ? written : (written && written.modules) || [];
  const kept = [];
  const dropped = [];
  for (const name of names) {
    try {
      if (!/^[@\w]/.test(name)) throw new Error('a plugin in the service itself is code of the service');
      require.resolve(name, { paths: [path.dirname(ROOT)] });
      kept.push(name);
    } catch {
      dropped.push(name);
    }
  }
  if (kept.length) configuration.plugins = kept;
  else delete configuration.plugins;
  return dropped;
}

/** The templates that a plugin has written beside the framework's own, by their description's first word. */
function nestedIn(folder) {
  const written = path.join(folder, '.serverless');
  const names = fs.existsSync(written) ? fs.readdirSync(written) : [];
  const templates = names
    .filter((name) => /nested-stack[-\w]*\.json$/.test(name))
    .map((name) => JSON.parse(fs.readFileSync(path.join(written, name), 'utf8')));
  return Object.fromEntries(templates.map((one) => [one.Description.split(' ')[0], one]));
}

/** Put in the variables that plugins answer (serverless-lift's ${construct:…}), which the passes above leave as they are. */
async function resolveOfPlugins(serverless) {
  const { plugins } = serverless.pluginManager;
  const sources = Object.assign({}, ...plugins.map((one) => one.configurationVariablesSources));
  const seen = new Set();
  const resolved = async (text) => {
    const parts = text.split(/\$\{(\w+):([^${}]+)\}/); // text, source, address, text, …
    for (let at = 1; at < parts.length; at += 3) {
      const [name, address] = [parts[at], parts[at + 1]];
      const known = sources[name];
      parts[at] = known ? String((await known.resolve({ address })).value) : `\${${name}:${address}}`;
      parts[at + 1] = '';
    }
    return parts.join('');
  };
  const within = async (holder) => {
    if (!holder || typeof holder !== 'object' || seen.has(holder)) return;
    seen.add(holder);
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'string') holder[key] = await resolved(value);
      else await within(value);
    }
  };
  if (!Object.keys(sources).length) return;
  const { service } = serverless;
  for (const one of [serverless.configurationInput, service.provider, service.functions, service.custom, service.resources]) {
    await within(one);
  }
}

/** Compile a resolved configuration to its CloudFormation template. */
async function compile(folder, configuration, filename, options) {
  const archive = path.join(folder, 'oracle-empty.zip');
  fs.writeFileSync(archive, emptyArchive);
  // Values of stubs need not fit the schema; what it converts (a number to text) is converted all the same.
  configuration.configValidationMode = 'warn';
  delete configuration.frameworkVersion;

  resolveInput.clear();
  const input = resolveInput(own('cli/commands-schema/aws-service'));
  const serverless = new Serverless({
    ...input,
    configuration,
    serviceDir: folder,
    configurationFilename: filename,
    options: { ...input.options, ...options },
    isContainerCommand: false,
    isHelpRequest: false,
    variablesMeta: new Map(),
  });
  await serverless.init();
  await resolveOfPlugins(serverless);
  const packager = serverless.pluginManager.plugins.find((plugin) => plugin.constructor.name === 'Package');
  packager.packageService = async () => {
    const { service } = serverless;
    service.package.artifact = service.artifact = archive;
    for (const name of service.getAllFunctions()) {
      const settings = service.getFunction(name);
      if (!settings.image) settings.package = { ...settings.package, artifact: archive };
    }
    for (const name of service.getAllLayers()) {
      const layer = service.getLayer(name);
      layer.package = { ...layer.package, artifact: archive };
    }
  };
  await serverless.run();
  return serverless.service.provider.compiledCloudFormationTemplate;
}

async function ask(question) {
  const { folder, options = {}, environment = {}, compile: wanted = false, resolved = false } = question;
  let { configuration } = question;
  process.env = { ...ownEnvironment, ...environment };
  process.chdir(folder);
  let filename = 'serverless.json';
  if (!configuration) {
    const found = await configurationPath({ options: {}, cwd: folder });
    filename = path.basename(found);
    configuration = await readConfiguration(found);
    if (wanted) modernize(configuration);
  }
  const waiting = new Promise((done) => setTimeout(done, PATIENCE, null).unref());
  const resolving = resolved ? {} : resolve(folder, configuration, options);
  const refused = await Promise.race([resolving, waiting]);
  if (!refused) return { endless: true };
  const result = { resolved: plain(configuration), refused };
  if (wanted && !Object.keys(refused).length) {
    result.dropped = choosePlugins(configuration);
    result.template = plain(await compile(folder, configuration, filename, options));
    result.nested = nestedIn(folder);
  }
  return result;
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await ask(JSON.parse(line));
    } catch (error) {
      result = { failed: String((error && error.message) || error) };
    }
    answer(result);
  }
  process.exit(0); // the framework leaves timers behind
})();
