// Every denied call of a list, as the SDKs of JavaScript see it: node denials.js v2|v3 FOLDER ENDPOINT KEY SECRET CALLS
const path = require('path');
const [, , version, folder, endpoint, accessKeyId, secretAccessKey, calls] = process.argv;
const credentials = { accessKeyId, secretAccessKey };
const load = (name) => require(require.resolve(name, { paths: [folder] }));

async function v3([pack, client, command, parameters]) {
  const sdk = load(`@aws-sdk/client-${pack}`);
  const made = new sdk[client]({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1, forcePathStyle: true });
  return made.send(new sdk[command](parameters));
}

async function v2([, client, method, parameters]) {
  const AWS = load('aws-sdk');
  const made = new AWS[client]({
    endpoint, ...credentials, region: 'us-east-1', maxRetries: 0, s3ForcePathStyle: true, signatureVersion: 'v4',
  });
  return made[method](parameters).promise();
}

(async () => {
  const out = [];
  for (const call of JSON.parse(calls)) {
    try {
      await (version === 'v2' ? v2 : v3)(call);
      out.push({ name: 'no error' });
    } catch (error) {
      const status = error.statusCode || (error.$metadata && error.$metadata.httpStatusCode);
      out.push({ name: error.code || error.name, status, message: String(error.message) });
    }
  }
  process.stdout.write(JSON.stringify(out));
})();
