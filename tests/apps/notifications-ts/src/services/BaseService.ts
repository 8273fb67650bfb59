import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

/** What every service that keeps things in one table can do. */
export abstract class BaseService<T extends { id: string }> {
  constructor(
    protected readonly documents: DynamoDBDocumentClient,
    protected readonly table: string,
  ) {}

  protected async keep(item: T): Promise<T> {
    await this.documents.send(new PutCommand({ TableName: this.table, Item: item }));
    return item;
  }

  protected async drop(id: string): Promise<void> {
    await this.documents.send(new DeleteCommand({ TableName: this.table, Key: { id } }));
  }
}
