// A function in a container image, beside one that is not.
const { App, Stack } = require("aws-cdk-lib");
const lambda = require("aws-cdk-lib/aws-lambda");

const stack = new Stack(new App(), "images");
new lambda.DockerImageFunction(stack, "Convert", { code: lambda.DockerImageCode.fromImageAsset("convert") });
new lambda.Function(stack, "Tell", {
  runtime: lambda.Runtime.NODEJS_20_X, handler: "index.handler", code: lambda.Code.fromInline("exports.handler = async () => 1;"),
});
