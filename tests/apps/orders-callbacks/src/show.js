'use strict';

const documents = require('./lib/documents');
const { ORDERS } = require('./lib/tables');

exports.handler = (event, context, callback) => {
  documents.get(ORDERS, { id: event.pathParameters.id }, (error, order) => {
    if (error) return callback(error);
    callback(null, { statusCode: order ? 200 : 404, body: JSON.stringify(order || {}) });
  });
};
