// Both APIs on this machine: npm start. AWS_ENDPOINT_URL says where DynamoDB is, NOTES_TABLE what the table is called.
const express = require('express');
const reader = require('./src/reader');
const editor = require('./src/editor');

const port = Number(process.env.PORT ?? 3000);
express()
  .use(reader.app)
  .use(editor.app)
  .listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/notes/ada`));
