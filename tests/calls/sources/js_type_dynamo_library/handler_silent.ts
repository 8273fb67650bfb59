// a request that nobody executes, and a repository of something else.
import { getRepository } from 'typeorm';
import { shops } from './table';

export const handler = async () => {
  await getRepository('shops').find({ name: 'a' });
  return shops.find({ name: 'a' }).withAttributes(['name']);
};
