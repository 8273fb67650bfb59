import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

interface Repository {
  touch(id: string): Promise<void>;
}

class DynamoRepository implements Repository {
  constructor(private readonly documents: DynamoDBDocumentClient, private readonly table: string) {}

  async touch(id: string): Promise<void> {
    await this.documents.send( //? dynamodb.UpdateItem TableName=env:TABLE
      new UpdateCommand({ TableName: this.table, Key: { id } }),
    );
  }

  async all(owner: string) {
    return this.documents.send(new QueryCommand({ TableName: this.table, IndexName: 'by-owner' }));
  }
}

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const repository = new DynamoRepository(documents, process.env.TABLE!);

export const handler = async (event: { id: string }): Promise<void> => repository.touch(event.id);
