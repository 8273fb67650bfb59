const { App, Stack, RemovalPolicy } = require("aws-cdk-lib");
const dynamodb = require("aws-cdk-lib/aws-dynamodb");
const lambda = require("aws-cdk-lib/aws-lambda");
const sqs = require("aws-cdk-lib/aws-sqs");
const events = require("aws-cdk-lib/aws-lambda-event-sources");

const app = new App();
const storage = new Stack(app, "notes-storage");
const notes = new dynamodb.Table(storage, "Notes", {
  partitionKey: { name: "id", type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  removalPolicy: RemovalPolicy.DESTROY,
});
const api = new Stack(app, "notes-api");
const incoming = new sqs.Queue(api, "Incoming");
const keep = new lambda.Function(api, "Keep", {
  runtime: lambda.Runtime.NODEJS_20_X,
  handler: "index.handler",
  code: lambda.Code.fromAsset("keep"),
  environment: { TABLE: notes.tableName },
});
notes.grantWriteData(keep);
keep.addEventSource(new events.SqsEventSource(incoming));
