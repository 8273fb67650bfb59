// Once a day: delete what was written on this day a year ago.
const notes = require('./notes');

async function handler() {
  const day = new Date();
  day.setUTCFullYear(day.getUTCFullYear() - 1);
  const old = await notes.writtenOn(day.toISOString().slice(0, 10));
  for (const { author, id } of old) {
    await notes.remove(author, id);
  }
  return { removed: old.length };
}

module.exports = { handler };
