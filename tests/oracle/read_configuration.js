// Prints a configuration as osls reads it, programs included (which it runs): OSLS_DIR=FOLDER node read_configuration.js FILE
'use strict';

const path = require('path');

const file = path.resolve(process.argv[2]);
process.chdir(path.dirname(file)); // tsconfig.json is looked for there
require(path.join(process.env.OSLS_DIR, 'node_modules', 'osls', 'lib', 'configuration', 'read'))(file).then(
  (configuration) => process.stdout.write(JSON.stringify(configuration)),
  (error) => {
    process.stderr.write(error.message);
    process.exitCode = 1;
  },
);
