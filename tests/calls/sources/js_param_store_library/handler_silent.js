// another module with the same functions.
const parameters = require('./store');
exports.handler = async () => parameters.getParameter('/shop/token');
