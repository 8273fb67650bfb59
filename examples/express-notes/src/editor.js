// POST /notes/AUTHOR and DELETE /notes/AUTHOR/ID
const { randomUUID } = require('node:crypto');
const express = require('express');
const serverless = require('serverless-http');
const notes = require('./notes');

const app = express();
app.use(express.json());

app.post('/notes/:author', async (request, response, next) => {
  try {
    const note = {
      author: request.params.author,
      id: randomUUID(),
      day: new Date().toISOString().slice(0, 10),
      text: String(request.body.text ?? ''),
    };
    await notes.put(note);
    response.status(201).json(note);
  } catch (error) {
    next(error);
  }
});

app.delete('/notes/:author/:id', async (request, response, next) => {
  try {
    await notes.remove(request.params.author, request.params.id);
    response.status(204).end();
  } catch (error) {
    next(error);
  }
});

module.exports = { app, handler: serverless(app) };
