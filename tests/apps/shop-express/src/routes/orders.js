import { randomUUID } from 'node:crypto';
import { Router } from 'express';

import { ofCustomer, place } from '../stores/orders.js';

const router = Router();

router.get('/:customer', (request, response, next) => {
  ofCustomer(request.params.customer).then((list) => response.json(list)).catch(next);
});

router.post('/', async (request, response, next) => {
  try {
    const order = await place({ number: randomUUID(), ...request.body });
    response.status(201).json(order);
  } catch (error) {
    next(error);
  }
});

export default router;
