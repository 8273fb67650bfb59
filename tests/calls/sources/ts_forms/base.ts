import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export class BaseRepository {
  protected client: DynamoDBClient = new DynamoDBClient({});
  protected prefix = 'dev';

  protected name(table: string): string {
    return [this.prefix, table].join('-');
  }
}
