import { Container, inject, injectable } from 'inversify';
import { InversifyExpressServer, controller, httpGet } from 'inversify-express-utils';
import serverless from 'serverless-http';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

@injectable()
class Shelf {
  private readonly client = new DynamoDBClient({});

  find(id: string) {
    return this.client.send(new GetItemCommand({ TableName: process.env.SHELF, Key: { id: { S: id } } })); //? dynamodb.GetItem TableName=env:SHELF
  }

  all() {
    return this.client.send(new ScanCommand({ TableName: process.env.SHELF }));
  }
}

@controller('/books')
export class Books {
  constructor(@inject('Shelf') private readonly shelf: Shelf) {}

  @httpGet('/:id')
  show(request: { params: { id: string } }) {
    return this.shelf.find(request.params.id);
  }

  unused() {
    return this.shelf.all();
  }
}

const container = new Container();
container.bind('Shelf').to(Shelf);
const app = new InversifyExpressServer(container).build();
export const handler = serverless(app);
