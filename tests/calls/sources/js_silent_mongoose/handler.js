const AWS = require('aws-sdk');
const mongoose = require('mongoose');

const Order = mongoose.model('Order', new mongoose.Schema({ id: String }));

exports.handler = async (event) => {
  await mongoose.connect(process.env.DB);
  await Order.find({}).exec();
  await Order.query({ TableName: 'orders' });
  await new Order({ id: 1 }).save();
  await Order.deleteOne({ id: 1 });
  await Order.updateItem({ Key: { id: 1 } });
  await Order.scan({ TableName: 'orders' }).promise();
  return Order.aggregate([]).copy(AWS.VERSION);
};
