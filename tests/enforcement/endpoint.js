// Loaded before serverless 3: its AWS SDK (version 2) asks the address in AWS_ENDPOINT_URL, which that version ignores.
'use strict';
const { createRequire } = require('node:module');
const AWS = createRequire(process.argv[1])('aws-sdk');
AWS.config.update({ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true });
