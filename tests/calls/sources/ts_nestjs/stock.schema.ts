import { Schema } from 'dynamoose';

export const StockSchema = new Schema({ sku: { type: String, hashKey: true } });
