const http = require('http');
const axios = require('axios');
const got = require('got');

const port = process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT || 2773;
const headers = { 'X-Aws-Parameters-Secrets-Token': process.env.AWS_SESSION_TOKEN };

const secret = async (name) => {
  const answer = await fetch(`http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(name)}`, { headers }); //? secretsmanager.GetSecretValue SecretId=env:SECRET
  return answer.json();
};

const parameter = async (name) => {
  const url = new URL('http://localhost:2773/systemsmanager/parameters/get');
  url.searchParams.append('name', name);
  return fetch(url, { headers }); //? ssm.GetParameter Name=/shop/key
};

const flags = () =>
  new Promise((resolve) => {
    http.get({ hostname: 'localhost', port: 2772, path: `/applications/shop/environments/${process.env.STAGE}/configurations/flags` }, resolve); //? appconfigdata.StartConfigurationSession ApplicationIdentifier=shop EnvironmentIdentifier=env:STAGE & appconfigdata.GetLatestConfiguration
  });

exports.handler = async () => {
  await secret(process.env.SECRET);
  await parameter('/shop/key');
  await flags();
  await axios.get('http://localhost:2773/secretsmanager/get', { params: { secretId: 'api-key' }, headers }); //? secretsmanager.GetSecretValue SecretId=api-key
  await got(`http://127.0.0.1:2773/systemsmanager/parameters/get?${new URLSearchParams({ name: '/shop/other', withDecryption: 'true' })}`); //? ssm.GetParameter Name=/shop/other WithDecryption=True
  await fetch('http://localhost:2772/' + process.env.FLAGS); //? appconfigdata.StartConfigurationSession & appconfigdata.GetLatestConfiguration
  await axios.get('http://localhost:2772//applications/shop/environments/test/configurations/flags'); //? appconfigdata.StartConfigurationSession ApplicationIdentifier=shop EnvironmentIdentifier=test ConfigurationProfileIdentifier=flags & appconfigdata.GetLatestConfiguration
  await axios.get('http://localhost:2772/health');
  await axios.get('https://example.com/applications/a/environments/b/configurations/c');
  return fetch('https://example.com/secretsmanager/get?secretId=x');
};
