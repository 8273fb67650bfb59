// Prints what @aws-cdk/aws-service-spec knows of each CloudFormation type, one JSON object a line (no descriptions).
import { createRequire } from 'node:module';
const require = createRequire(process.argv[2] + '/');
const { loadAwsServiceSpecSync } = require('@aws-cdk/aws-service-spec');
const db = loadAwsServiceSpecSync();
for (const type of db.all('resource')) {
  const properties = {};
  for (const [name, property] of Object.entries(type.properties)) properties[name] = property.type.type;
  console.log(JSON.stringify({
    type: type.cloudFormationType,
    ref: type.cfnRefIdentifier ?? type.primaryIdentifier ?? [],
    primary: type.primaryIdentifier ?? [],
    arn: type.arnTemplate ?? null,
    attributes: Object.keys(type.attributes),
    properties,
  }));
}
