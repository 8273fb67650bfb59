export class PutItemCommand {
  constructor(input) {
    this.input = input;
  }
}

export class DynamoDB {
  items = [];

  send(command) {
    this.items.push(command.input);
  }

  putItem(params) {
    return { promise: async () => params };
  }
}

export class S3 {
  getObject(params) {
    return { promise: async () => params };
  }

  upload(params) {
    return params;
  }
}
