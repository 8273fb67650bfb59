// GET /notes/AUTHOR and GET /notes/AUTHOR/ID
const express = require('express');
const serverless = require('serverless-http');
const notes = require('./notes');

const app = express();

app.get('/notes/:author', async (request, response, next) => {
  try {
    response.json(await notes.list(request.params.author));
  } catch (error) {
    next(error);
  }
});

app.get('/notes/:author/:id', async (request, response, next) => {
  try {
    const note = await notes.get(request.params.author, request.params.id);
    if (note) response.json(note);
    else response.status(404).json({ error: 'no such note' });
  } catch (error) {
    next(error);
  }
});

module.exports = { app, handler: serverless(app) };
