const parameters = require('aws-param-store');

exports.handler = async (event) => {
  const token = parameters.getParameterSync('/shop/token', { region: 'eu-west-3' }); //? ssm.GetParameter Name=/shop/token
  await parameters.getParameters(['/shop/a', process.env.NAME]); //? ssm.GetParameters
  await parameters.getParametersByPath(process.env.PATH_OF_ALL); //? ssm.GetParametersByPath Path=env:PATH_OF_ALL
  await parameters.putParameter('/shop/last', token.Value, 'String'); //? ssm.PutParameter Name=/shop/last
  await parameters.newQuery('/shop').recursive(false).execute(); //? ssm.GetParametersByPath Path=/shop
  await parameters.parameterQuery().named('/shop/b').decryption(true).execute(); //? ssm.GetParameter Name=/shop/b
  parameters.parameterQuery().put('/shop/c').withValue('1').executeSync(); //? ssm.PutParameter Name=/shop/c
  return parameters.parameterQuery().named('/shop/unsent');
};
