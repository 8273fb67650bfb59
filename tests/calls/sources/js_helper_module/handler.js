'use strict';
const store = require('./store');

module.exports.handler = async (event) => {
  const item = JSON.parse(event.body);
  await store.save(process.env.TABLE, item);
  return { statusCode: 200 };
};
