import { CosmosClient } from '@azure/cosmos';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { S3 } from '@aws-sdk/client-s3';

const container = new CosmosClient({}).database('d').container('c');
const blobs = BlobServiceClient.fromConnectionString('x').getContainerClient('c');

export const handler = async (event) => {
  await container.items.query('SELECT * FROM c').fetchAll();
  await container.item('1').delete();
  await container.putItem({ TableName: 't', Item: {} });
  await blobs.getBlockBlobClient('k').upload('x', 1);
  await blobs.listBuckets();
  const sender = new ServiceBusClient('x').createSender('q');
  await sender.sendMessages({ body: S3.name });
  await sender.send({ QueueUrl: 'q', MessageBody: 'x' });
};
