import { NestFactory } from '@nestjs/core';
import { ShopModule } from './shop/shop.module';
import { OrdersService } from './shop/orders.service';

export const handler = async (event: { id: string }) => {
  const context = await NestFactory.createApplicationContext(ShopModule, { logger: false });
  return context.get(OrdersService).close(event.id);
};
