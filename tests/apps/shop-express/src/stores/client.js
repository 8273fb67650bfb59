import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const plain = new DynamoDBClient({ maxAttempts: 4 });

export default DynamoDBDocumentClient.from(plain, {
  marshallOptions: { removeUndefinedValues: true },
});
