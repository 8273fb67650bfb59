import { Inject, Injectable } from '@nestjs/common';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Orders } from './orders';

@Injectable()
export class OrdersService {
  constructor(private readonly orders: Orders, @Inject('FILES') private readonly files: S3Client) {}

  async close(id: string) {
    await this.orders.save(id);
    await this.files.send(new PutObjectCommand({ Bucket: process.env.FILES, Key: id })); //? s3.PutObject Bucket=env:FILES
  }

  async forget(id: string) {
    await this.orders.remove(id);
    await this.files.send(new DeleteObjectCommand({ Bucket: process.env.FILES, Key: id }));
  }
}
