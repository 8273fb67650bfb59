const forms = [require('./forms/bound'), require('./forms/command'), require('./forms/container'), require('./forms/events'), require('./forms/generated'), require('./forms/lazy'), require('./forms/map'), require('./forms/mapped'), require('./forms/memo'), require('./forms/promised')];

exports.handler = async () => {
  for (const form of forms.slice(0, 5)) await form.run();
  for (const form of forms.slice(5)) await form.run();
};
