// Loaded before a framework. Version 2 of the AWS SDK does not know AWS_ENDPOINT_URL: every copy of it, the framework's
// own and those that plugins bring along, is pointed to that address when it is first required. Version 3 knows it.
'use strict';
const Module = require('node:module');
const load = Module._load;
const pointed = new Set();
let asks = false;
Module._load = function (request, parent, ...rest) {
  const loaded = load.call(this, request, parent, ...rest);
  if (!asks && typeof request === 'string' && /^aws-sdk(\/|$)/.test(request)) point(parent);
  return loaded;
};

/** Give the copy of the SDK that a module sees its address, once. */
function point(parent) {
  asks = true;
  try {
    const AWS = load.call(Module, 'aws-sdk/global', parent, false);
    if (pointed.has(AWS)) return;
    pointed.add(AWS);
    AWS.config.update({ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true });
    // Without TLS the SDK reads every body once to sign it, which a stream does not allow.
    load.call(Module, 'aws-sdk/clients/s3', parent, false).prototype.shouldDisableBodySigning = () => true;
  } catch {
    // not a whole copy of the SDK: it has no settings for all clients
  } finally {
    asks = false;
  }
}
