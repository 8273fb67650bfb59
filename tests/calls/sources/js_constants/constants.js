export const stage = process.env.STAGE || 'dev';
export const TABLES = { orders: `orders-${stage}` };
export class Names {
  static bucket = 'names-bucket';
}
