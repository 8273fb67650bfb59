'use strict';

const fs = require('fs');
const path = require('path');
const { stages } = require('./config');
const limits = require('./config/limits.json');

const stage = process.env.STAGE_NAME || 'dev';
const here = path.relative(process.cwd(), path.join(__dirname, 'src')).split(path.sep).join('/');

const config = {
  service: 'ledger',
  provider: { name: 'aws', runtime: 'nodejs20.x', stage, ...stages[stage] },
  functions: {},
};

['write', 'read'].forEach((name, index) => {
  config.functions[name] = { handler: here + '/' + name + '.handler', timeout: limits.timeouts[index] };
});

if (fs.existsSync('./Dockerfile')) {
  config.functions.image = { image: 'unused' };
} else {
  config.custom = { description: fs.readFileSync('./config/about.txt', 'utf8').trim(), policy: JSON.stringify({ a: [1] }) };
}

if (!config.provider.region) throw new Error('no region');
delete config.provider.note;

module.exports = Promise.resolve(config);
