const { createContainer, asClass, asFunction, asValue, InjectionMode } = require('awilix');
const { S3Client, CopyObjectCommand, DeleteObjectCommand } = require('@aws-sdk/client-s3');
const { SFNClient, StartExecutionCommand, StopExecutionCommand } = require('@aws-sdk/client-sfn');

class Vault {
  constructor({ s3, bucket }) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  copy(key) {
    return this.s3.send(new CopyObjectCommand({ Bucket: this.bucket, Key: key, CopySource: 'inbox/k' })); //? s3.CopyObject Bucket=env:VAULT
  }

  remove(key) {
    return this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}

const makeFlow = ({ machine }) => {
  const sfn = new SFNClient({});
  return {
    start: (input) => sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input })), //? stepfunctions.StartExecution stateMachineArn=env:MACHINE
    stop: (arn) => sfn.send(new StopExecutionCommand({ executionArn: arn })),
  };
};

class Clerk {
  constructor(cradle) {
    this.vault = cradle.vault;
    this.flow = cradle.flow;
  }

  async run(key) {
    await this.vault.copy(key);
    await this.flow.start(key);
  }
}

class Porter {
  constructor(vault, bucket) {
    this.vault = vault;
    this.bucket = bucket;
  }

  carry() {
    return this.vault.copy(this.bucket);
  }
}

const container = createContainer({ injectionMode: InjectionMode.PROXY });
container.register({
  s3: asFunction(() => new S3Client({})).singleton(),
  bucket: asValue(process.env.VAULT),
  machine: asValue(process.env.MACHINE),
  vault: asClass(Vault).singleton(),
  flow: asFunction(makeFlow),
  clerk: asClass(Clerk).scoped(),
});

const classic = createContainer({ injectionMode: InjectionMode.CLASSIC });
classic.register('porter', asClass(Porter));

exports.handler = async (event) => {
  const scope = container.createScope();
  await scope.resolve('clerk').run(event.key);
  return classic.cradle.porter.carry();
};
