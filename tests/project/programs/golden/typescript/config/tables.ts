import { tableName } from '.';

const table = (id: string, name: string, key = 'id') => ({
  arn: { 'Fn::GetAtt': [id, 'Arn'] },
  resource: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: tableName(name, '${sls:stage}' as never),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    },
  },
});

export default { OrdersTable: table('OrdersTable', 'orders'), ReportsTable: table('ReportsTable', 'reports', 'day') };
