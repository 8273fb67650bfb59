'use strict';

exports.ORDERS = process.env.ORDERS_TABLE;
exports.CUSTOMERS = process.env.CUSTOMERS_TABLE;
