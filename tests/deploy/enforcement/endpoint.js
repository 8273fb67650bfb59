// Sends what serverless 3 asks of AWS (by the SDK's version 2) to the address in LOCAL_AWS. Loaded before the framework.
'use strict';
const { createRequire } = require('node:module');
const AWS = createRequire(process.env.FRAMEWORK)('aws-sdk');
AWS.config.update({ endpoint: process.env.LOCAL_AWS, s3ForcePathStyle: true });
