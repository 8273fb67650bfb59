const middy = require('@middy/core');
const ssm = require('@middy/ssm');
const secretsManager = require('@middy/secrets-manager');

const wrap = (main, options = {}) => {
  const made = middy(main);
  if (options.parameters && process.env.STAGE !== 'test') {
    made.use(ssm({ fetchData: options.parameters, setToContext: true }));
  }
  made.use(secretsManager({ fetchData: options.secrets }));
  return made;
};

const inner = wrap(async () => ({ statusCode: 200 }), { http: true });

exports.handler = middy(async (event, context) => inner(event, context))
  .use(ssm({ cache: true, paths: { SETTINGS: `/shop/${process.env.STAGE}` }, names: { TOKEN: '/shop/token' } })) //? ssm.GetParametersByPath Path=/shop/env:STAGE & ssm.GetParameters
  .use(secretsManager({ cache: true, secrets: { KEY: 'shop/key' } })); //? secretsmanager.GetSecretValue SecretId=shop/key
