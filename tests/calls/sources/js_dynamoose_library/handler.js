const dynamoose = require('dynamoose');

dynamoose.Table.defaults.set({ create: false, waitForActive: { enabled: false } });

const schema = new dynamoose.Schema({
  id: String,
  email: { type: String, index: { name: 'by-email', type: 'global' } },
});
const User = dynamoose.model(process.env.USERS, schema);
const Order = dynamoose.model('Order', { id: String }, { tableName: 'orders', prefix: 'shop-' });
const Made = dynamoose.model('made', { id: String }, { create: true });
const Waiting = dynamoose.model('Waiting', { id: String });
new dynamoose.Table('waiting', [Waiting], { waitForActive: true });

exports.handler = async (event) => {
  const user = await User.get(event.id); //? dynamodb.GetItem TableName=env:USERS
  user.name = 'n';
  await user.save(); //? dynamodb.PutItem TableName=env:USERS
  await new User({ id: event.id }).save(); //? dynamodb.PutItem TableName=env:USERS
  await User.query('email').eq(event.email).exec(); //? dynamodb.Query TableName=env:USERS IndexName=by-email
  await User.query('id').eq(event.id).using('other').limit(1).exec(); //? dynamodb.Query TableName=env:USERS IndexName=other
  const first = await User.queryOne('email').eq(event.email).exec(); //? dynamodb.Query TableName=env:USERS IndexName=by-email
  await first.save(); //? dynamodb.PutItem TableName=env:USERS
  await Order.scan().exec(); //? dynamodb.Scan TableName=shop-orders
  await Order.update({ id: event.id }, { paid: true }); //? dynamodb.UpdateItem TableName=shop-orders
  await Order.delete(event.id); //? dynamodb.DeleteItem TableName=shop-orders
  await Order.batchGet([event.id]); //? dynamodb.BatchGetItem
  await Made.create({ id: event.id }); //? dynamodb.PutItem TableName=made & dynamodb.DescribeTable TableName=made & dynamodb.CreateTable TableName=made
  await Waiting.get(event.id); //? dynamodb.GetItem TableName=waiting & dynamodb.DescribeTable TableName=waiting
  await dynamoose.transaction([User.transaction.create({ id: event.id }), Order.transaction.delete(event.id)]); //? dynamodb.TransactWriteItems
};
