// Furniture has tables too.
const { Entity, Table } = require('./furniture');
const table = new Table({ name: 'oak' });
const Chair = new Entity({ name: 'Chair', table });

exports.handler = async (event) => {
  await Chair.get({ id: event.id });
  await table.scan();
};
