// Loaded before a framework that brings version 2 of the AWS SDK, which does not know AWS_ENDPOINT_URL: it asks that
// address. Where the framework has no such SDK, nothing is done.
'use strict';
const { createRequire } = require('node:module');
try {
  const AWS = createRequire(process.argv[1])('aws-sdk');
  AWS.config.update({ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true });
} catch {
  // osls: version 3 of the SDK, which knows it
}
