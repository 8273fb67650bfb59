// mongoose has the same words, and a schema alone asks nothing.
const mongoose = require('mongoose');
const dynamoose = require('dynamoose');
const Cat = mongoose.model('Cat', { id: String });
const schema = new dynamoose.Schema({ id: String });

exports.handler = async (event) => {
  await Cat.create({ id: event.id });
  await Cat.query('id').eq(event.id).exec();
  return schema;
};
