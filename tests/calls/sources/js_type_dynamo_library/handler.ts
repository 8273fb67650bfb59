import { attributeNotExists, isGreaterThan, isEqualTo, match } from 'type-dynamo';
import { orders, shops } from './table';

export const handler = async (event: any) => {
  await shops.find({ name: event.name }).execute(); //? dynamodb.GetItem TableName=shops
  await shops.find([{ name: 'a' }, { name: 'b' }]).withAttributes(['name']).execute(); //? dynamodb.BatchGetItem
  await shops.find().filter(match('name', isEqualTo('a')).or.match('name', isEqualTo('b'))).paginate(50).execute(); //? dynamodb.Scan TableName=shops IndexName=None
  await orders.find({ shop: 'a', number: 1 }).execute(); //? dynamodb.GetItem TableName=env:TABLE_NAME
  await orders.find({ shop: event.shop }).withSortKeyCondition(isGreaterThan(5)).allResults().execute(); //? dynamodb.Query TableName=env:TABLE_NAME IndexName=None
  await orders.onIndex.customerIndex.find({ customer: 'c' }).allResults().execute(); //? dynamodb.Query TableName=env:TABLE_NAME IndexName=customerIndex
  await orders.onIndex.customerIndex.find().execute(); //? dynamodb.Scan TableName=env:TABLE_NAME IndexName=customerIndex
  await orders.save({ shop: 'a', number: 1 }).withCondition(attributeNotExists('shop')).execute(); //? dynamodb.PutItem TableName=env:TABLE_NAME
  await shops.save([{ name: 'a' }]).execute(); //? dynamodb.BatchWriteItem
  await shops.update({ name: 'a' }, { open: true }).execute(); //? dynamodb.UpdateItem TableName=shops
  await shops.delete({ name: 'a' }).execute(); //? dynamodb.DeleteItem TableName=shops
  await shops.delete([{ name: 'a' }]).execute(); //? dynamodb.BatchWriteItem
};
