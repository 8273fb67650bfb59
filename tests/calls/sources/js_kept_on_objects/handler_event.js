const { Ledger } = require('./ledger');

globalThis.shared = new Ledger('global');

const withLedger = (main) => async (event) => {
  event.notes = new Ledger('event');
  return main(event);
};

exports.handler = withLedger(async (event) => {
  await event.notes.read('e');
  return globalThis.shared.read('f');
});
