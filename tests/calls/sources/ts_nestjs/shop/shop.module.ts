import { Module } from '@nestjs/common';
import { S3Client } from '@aws-sdk/client-s3';
import { Orders } from './orders';
import { OrdersService } from './orders.service';
import { OrdersTable } from './orders.table';

@Module({
  providers: [{ provide: Orders, useClass: OrdersTable }, { provide: 'FILES', useFactory: () => new S3Client({}) }],
  exports: [Orders, 'FILES'],
})
export class StoreModule {}

@Module({ imports: [StoreModule], providers: [OrdersService] })
export class ShopModule {}
