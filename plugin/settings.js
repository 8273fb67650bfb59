'use strict';

const { UserError } = require('./find');

const properties = {
  command: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
    ],
  },
  gate: { enum: ['off', 'warn', 'check', false] },
  gateOn: { enum: ['deploy', 'package'] },
  failOn: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
    ],
  },
  baseline: { type: 'string', minLength: 1 },
  paramFile: { type: 'string', minLength: 1 },
  compiled: { type: 'boolean' },
};

/** What the framework's own validation is told. By default it only warns: settingsOf() does not let a mistake pass. */
const schema = {
  type: 'object',
  properties: { scopedown: { type: 'object', properties, additionalProperties: false } },
};

/**
 * The settings under `custom.scopedown`, with their defaults; SCOPEDOWN_GATE of the environment goes before `gate`.
 * Raises an error for the user where one is not known or cannot be meant.
 */
function settingsOf(written, env) {
  const given = written == null ? {} : written;
  if (!isMap(given)) throw new UserError('custom.scopedown is not a map of settings: correct it (docs/plugin.md lists them)');
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(properties, name)) {
      throw new UserError(`custom.scopedown.${name} is an unknown setting: use one of ${Object.keys(properties).join(', ')}`);
    }
    if (value != null && !fits(value, properties[name])) {
      throw new UserError(`custom.scopedown.${name} is ${JSON.stringify(value)}: use ${meaning(properties[name])}`);
    }
  }
  const gate = env.SCOPEDOWN_GATE || given.gate || 'off';
  if (!fits(gate, properties.gate)) {
    throw new UserError(`SCOPEDOWN_GATE is ${JSON.stringify(gate)}: use ${meaning(properties.gate)}`);
  }
  return { ...given, gate, gateOn: given.gateOn || 'deploy' };
}

function isMap(value) {
  return typeof value === 'object' && !Array.isArray(value);
}

function fits(value, { anyOf, enum: values, type }) {
  if (anyOf) return anyOf.some((one) => fits(value, one));
  if (values) return values.includes(value);
  if (type === 'array') return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
  return typeof value === type && value !== '';
}

function meaning({ anyOf, enum: values, type }) {
  if (anyOf) return anyOf.map(meaning).join(' or ');
  if (values) return values.filter(Boolean).join(', ');
  return { array: 'a list of words', boolean: 'true or false', string: 'text' }[type];
}

module.exports = { schema, settingsOf };
