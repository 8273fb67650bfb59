import { TypeDynamo } from 'type-dynamo';

const db = new TypeDynamo({ region: 'eu-west-3' });
class Order {
  shop: string;
  number: number;
  customer: string;
}
class Shop {
  name: string;
}

export const orders = db
  .define(Order, { tableName: process.env.TABLE_NAME, partitionKey: 'shop', sortKey: 'number' })
  .withGlobalIndex({ indexName: 'customerIndex', partitionKey: 'customer', projectionType: 'ALL' })
  .getInstance();
export const shops = db.define(Shop, { tableName: 'shops', partitionKey: 'name' }).getInstance();
