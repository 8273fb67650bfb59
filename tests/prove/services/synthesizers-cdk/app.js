// Two stacks, one of them in a stage, under the synthesizer that the context names.
const {
  App, BootstraplessSynthesizer, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, LegacyStackSynthesizer, Stack,
  Stage,
} = require("aws-cdk-lib");
const lambda = require("aws-cdk-lib/aws-lambda");
const sns = require("aws-cdk-lib/aws-sns");

const app = new App();
const role = (name) => `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}`;
const synthesizers = {
  default: () => new DefaultStackSynthesizer(),
  cli: () => new CliCredentialsStackSynthesizer(),
  legacy: () => new LegacyStackSynthesizer(),
  bootstrapless: () => new BootstraplessSynthesizer(),
  qualifier: () => new DefaultStackSynthesizer({ qualifier: "acme" }),
  custom: () => new DefaultStackSynthesizer({
    cloudFormationExecutionRole: role("our-execution"),
    deployRoleArn: role("our-deployment"),
    fileAssetPublishingRoleArn: role("our-publishing"),
    fileAssetsBucketName: "our-assets-${AWS::AccountId}-${AWS::Region}",
    generateBootstrapVersionRule: false,
    lookupRoleArn: role("our-lookup"),
  }),
};
const [first, second] = app.node.tryGetContext("synthesizers").split(",");

const topics = new Stack(new Stage(app, "Prod"), "Topics", { synthesizer: synthesizers[first]() });
new sns.Topic(topics, "News");
const api = new Stack(app, "api", { synthesizer: synthesizers[second ?? first]() });
const topic = new sns.Topic(api, "Orders");
const code = app.node.tryGetContext("inline")
  ? lambda.Code.fromInline("exports.handler = async () => process.env.TOPIC;")
  : lambda.Code.fromAsset("keep");
new lambda.Function(api, "Keep", {
  runtime: lambda.Runtime.NODEJS_20_X, handler: "index.handler", code, environment: { TOPIC: topic.topicArn },
});
