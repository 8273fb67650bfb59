import { DataMapper, DynamoDbSchema, DynamoDbTable } from '@aws/dynamodb-data-mapper';
import { attribute, hashKey, table } from '@aws/dynamodb-data-mapper-annotations';
import { equals } from '@aws/dynamodb-expressions';
import DynamoDB = require('aws-sdk/clients/dynamodb');

@table('orders')
class Order {
  @hashKey()
  id: string;
  @attribute()
  total: number;
}

class Plain {
  id: string;
}
Object.defineProperties(Plain.prototype, {
  [DynamoDbTable]: { value: 'plain' },
  [DynamoDbSchema]: { value: { id: { type: 'String', keyType: 'HASH' } } },
});

const mapper = new DataMapper({ client: new DynamoDB({ region: 'eu-west-1' }), tableNamePrefix: 'shop-' });

export const handler = async (event: { id: string }) => {
  const order = await mapper.get(Object.assign(new Order(), { id: event.id })); //? dynamodb.GetItem TableName=shop-orders
  order.total = 3;
  await mapper.update(order); //? dynamodb.UpdateItem TableName=shop-orders
  for await (const one of mapper.query(Order, { id: equals('x') }, { indexName: 'by-day' })) { //? dynamodb.Query TableName=shop-orders IndexName=by-day
    await mapper.delete(one); //? dynamodb.DeleteItem
  }
  await mapper.put({ item: new Order() }); //? dynamodb.PutItem TableName=shop-orders
};
