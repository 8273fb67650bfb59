import { GetObjectCommand, S3 } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Router } from 'express';

import * as products from '../stores/products.js';

const s3 = new S3({});
const router = Router();

const wrap = (route) => (request, response, next) => route(request, response).catch(next);

router.get('/', wrap(async (request, response) => {
  const list = [];
  for await (const product of products.all()) list.push(product);
  response.json(list);
}));

router.get('/:sku', wrap(async (request, response) => {
  const product = await products.find(request.params.sku);
  if (!product) return response.status(404).end();

  const command = { Bucket: process.env.PICTURES_BUCKET, Key: `thumbnails/${product.sku}.webp` };
  product.picture = await getSignedUrl(s3, new GetObjectCommand(command), { expiresIn: 3600 });
  return response.json(product);
}));

router.delete('/:sku/picture', wrap(async (request, response) => {
  const Key = `originals/${request.params.sku}.png`;
  await s3.deleteObject({ Bucket: process.env.PICTURES_BUCKET, Key });
  response.status(204).end();
}));

export default router;
