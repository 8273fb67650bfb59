'use strict';

const fs = require('fs');
const path = require('path');

const OF_MAJOR = { 3: 'v3', 4: 'v4' };

/**
 * The running framework as scopedown calls it (`osls`, `v3`, `v4`) and the folder of its package; each undefined where
 * it is not known. osls 4 and serverless 4 have the same number: the package that defines the running class tells.
 */
function frameworkOf(serverless) {
  const { name, folder } = packageOf(serverless.constructor);
  const major = String(serverless.version || '').split('.')[0];
  return { framework: name === 'osls' ? 'osls' : OF_MAJOR[major], folder };
}

function packageOf(definition) {
  const module = Object.values(require.cache).find((one) => one && one.exports === definition);
  for (let folder = module && path.dirname(module.filename); folder; folder = above(folder)) {
    try {
      const { name } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
      if (name) return { name, folder };
    } catch {
      // The folder above.
    }
  }
  return {};
}

function above(folder) {
  const parent = path.dirname(folder);
  return parent === folder ? null : parent;
}

module.exports = { frameworkOf };
