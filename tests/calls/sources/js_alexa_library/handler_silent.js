// A skill that keeps nothing.
const Alexa = require('ask-sdk');

exports.handler = Alexa.SkillBuilders.standard()
  .addRequestHandlers({ canHandle: () => true, handle: (input) => input.responseBuilder.getResponse() })
  .lambda();
