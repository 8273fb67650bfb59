import express from 'express';
import serverless from 'serverless-http';

import orders from './routes/orders.js';
import products from './routes/products.js';

const app = express();

app.use(express.json());
app.use('/products', products);
app.use('/orders', orders);

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  return response.status(500).json({ error: error.message });
});

export const handler = serverless(app);
