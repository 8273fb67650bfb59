import { Injectable, OnModuleInit } from '@nestjs/common';
import { DeleteItemCommand, DescribeTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Orders } from './orders';

@Injectable()
export class OrdersTable extends Orders implements OnModuleInit {
  private readonly client = new DynamoDBClient({});

  async onModuleInit() {
    await this.client.send(new DescribeTableCommand({ TableName: process.env.ORDERS })); //? dynamodb.DescribeTable TableName=env:ORDERS
  }

  async save(id: string) {
    await this.client.send(new PutItemCommand({ TableName: process.env.ORDERS, Item: { id: { S: id } } })); //? dynamodb.PutItem TableName=env:ORDERS
  }

  async remove(id: string) {
    await this.client.send(new DeleteItemCommand({ TableName: process.env.ORDERS, Key: { id: { S: id } } }));
  }
}
