import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

import { Ticket } from '../domain';

const dynamo = new DynamoDB({});
const TableName = process.env.TICKETS_TABLE!;

export const saveTicket = async (ticket: Ticket): Promise<void> => {
  await dynamo.putItem({ TableName, Item: marshall(ticket) });
};

export const ticketsOf = async (reporter: string): Promise<Ticket[]> => {
  const { Items = [] } = await dynamo.query({
    TableName,
    KeyConditionExpression: 'reporter = :reporter',
    ExpressionAttributeValues: marshall({ ':reporter': reporter }),
  });
  return Items.map((item) => unmarshall(item) as Ticket);
};

export const removeTicket = (reporter: string, id: string) =>
  dynamo.deleteItem({ TableName, Key: marshall({ reporter, id }) });

export const countTickets = async (): Promise<number> => {
  const { Table } = await dynamo.describeTable({ TableName });
  return Table?.ItemCount ?? 0;
};
