exports.makeStore = (client) => ({ putItem: (params) => client.send(params) });
