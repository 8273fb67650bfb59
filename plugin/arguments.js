'use strict';

/**
 * scopedown's arguments for a command of the plugin.
 *
 * `declared` are the command's options (options.json); `asked` holds the framework's `options` as they were given, the
 * plugin's `settings`, the name of the `config` file, and the running `framework` with its `folder`, where known.
 */
function commandLine(name, declared, asked) {
  const { options, settings, config, framework, folder } = asked;
  const given = { ...defaults(name, declared, options, settings, framework, folder), ...defined(options) };
  const words = [name];
  for (const option of ['stage', 'region']) if (given[option] != null) words.push(`--${option}=${given[option]}`);
  for (const param of [].concat(given.param || [])) words.push(`--param=${param}`);
  const positional = [];
  for (const [option, one] of Object.entries(declared)) {
    if (given[option] === undefined) continue;
    if (one.positional) positional.push(given[option]);
    else words.push(...wordsOf(option, one, given[option]));
  }
  return [...words, '--', ...positional, config || '.'];
}

function defined(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** What holds where the command line does not say it. */
function defaults(name, declared, options, settings, framework, folder) {
  const found = {};
  // What a framework has compiled is not to be compiled as one does.
  const isCompiled = options.compiled != null || options['run-framework'];
  if (declared.framework && framework && !isCompiled && !(name === 'prove' && framework === 'v4')) {
    found.framework = framework;
  }
  if (name === 'prove' && folder && options.framework === undefined) found['framework-program'] = folder;
  if (declared['param-file'] && settings.paramFile) found['param-file'] = settings.paramFile;
  if (name === 'check') {
    if (settings.failOn) found['fail-on'] = [].concat(settings.failOn).join(',');
    if (settings.baseline) found.baseline = settings.baseline;
  }
  if (name === 'deploy-policy' && options['aws-profile'] && (options.audit !== undefined || options.apply)) {
    found.profile = options['aws-profile'];
  }
  return found;
}

/** An option as scopedown takes it. The framework reads `--no-cache` as `cache: false`, and `--audit=` as null. */
function wordsOf(option, { type, negated }, value) {
  if (type === 'boolean') {
    if (negated) return value === false ? [`--no-${option}`] : [];
    return value === true ? [`--${option}`] : [];
  }
  return [].concat(value).map((one) => (one === null ? `--${option}` : `--${option}=${one}`));
}

module.exports = { commandLine };
