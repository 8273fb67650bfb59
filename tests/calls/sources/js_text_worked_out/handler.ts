import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});
const of = (TableName: string) => new GetItemCommand({ TableName, Key: {} });
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const stage = process.env.PRODUCTION ? 'Prod' : 'Dev';
const part = /^(\w+)-(\d+)$/;

export const handler = async (event: { kind: string }) => {
  await client.send(of("My_Table".toLowerCase().replace(/_/g, '-'))); //? dynamodb.GetItem TableName=my-table
  await client.send(of(`t${'7'.padStart(3, '0')}`)); //? dynamodb.GetItem TableName=t007
  await client.send(of('t'.padEnd(3, 'xy') + (5).toString(2))); //? dynamodb.GetItem TableName=txy101
  await client.send(of(plain('Orders & Items'))); //? dynamodb.GetItem TableName=orders-items
  await client.send(of(plain(`${stage}_Orders`))); //? dynamodb.GetItem TableName=dev-orders|prod-orders
  await client.send(of('a-b-c'.replaceAll('-', '.'))); //? dynamodb.GetItem TableName=a.b.c
  await client.send(of('x_y'.replace('_', '$&$&'))); //? dynamodb.GetItem TableName=x__y
  await client.send(of('snake_case_name'.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()))); //? dynamodb.GetItem TableName=snakeCaseName
  await client.send(of('orders-12'.replace(part, '$2-$1'))); //? dynamodb.GetItem TableName=12-orders
  await client.send(of('orders-12'.match(part)![1])); //? dynamodb.GetItem TableName=orders
  await client.send(of(part.exec('users-3')![1])); //? dynamodb.GetItem TableName=users
  await client.send(of(part.test('users-3') + '-t')); //? dynamodb.GetItem TableName=true-t
  await client.send(of('a.b/c'.split(/[./]/).join('-'))); //? dynamodb.GetItem TableName=a-b-c
  await client.send(of('arn:aws:dynamodb:::table/items'.split('/').at(-1)!)); //? dynamodb.GetItem TableName=items
  await client.send(of('table-items'.slice(-5))); //? dynamodb.GetItem TableName=items
  await client.send(of('table-items'.substring(5, 0))); //? dynamodb.GetItem TableName=table
  await client.send(of('table-items'.substr(-5, 2) + 'items'.charAt(0))); //? dynamodb.GetItem TableName=iti
  await client.send(of('\t orders \n'.trim())); //? dynamodb.GetItem TableName=orders
  await client.send(of('a'.concat('b', String(3)))); //? dynamodb.GetItem TableName=ab3
  await client.send(of('orders'[0].toUpperCase() + 'orders'.slice(1))); //? dynamodb.GetItem TableName=Orders
  await client.send(of('t-' + 'orders'.indexOf('d') + '-' + 'orders'.includes('ers'))); //? dynamodb.GetItem TableName=t-2-true
  await client.send(of('t-' + Math.max(1, 2) + parseInt('7px', 10) + Number('3'))); //? dynamodb.GetItem TableName=t-273
  await client.send(of(`t-${7 - 2}-${3 * 2}${'3' * 2}`)); //? dynamodb.GetItem TableName=t-5-6?
  await client.send(of('t-' + (2.5).toFixed(0))); //? dynamodb.GetItem TableName=t-3
  await client.send(of('orders'.replace(new RegExp('O', 'i'), 'b'))); //? dynamodb.GetItem TableName=brders
  await client.send(of('orders'.replace('o', event.kind))); //? dynamodb.GetItem TableName=?rders
  await client.send(of('orders'.replace(event.kind, 'o'))); //? dynamodb.GetItem TableName=?
  await client.send(of('orders'.replace(/(o+)+$/, 'x'))); //? dynamodb.GetItem TableName=?
  await client.send(of(`orders-${event.kind}`.replace(/_/g, '-'))); //? dynamodb.GetItem TableName=?
};
