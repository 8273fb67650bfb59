const middy = require('@middy/core');
const cors = require('@middy/http-cors');
const validator = require('@middy/validator');
const ssm = require('./ssm');

const main = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });

const other = middy(main).use(require('@middy/ssm')({ fetchData: { a: '/a' } }));

exports.handler = middy(main).use([cors(), validator({ eventSchema: () => true })]).use(ssm({ fetchData: { a: '/a' } }));
exports.other = other;
