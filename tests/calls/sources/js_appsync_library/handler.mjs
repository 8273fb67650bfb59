import AWSAppSyncClient, { AUTH_TYPE } from "aws-appsync";
import { createAuthLink } from "aws-appsync-auth-link";

const signed = new AWSAppSyncClient({ url: process.env.GRAPHQL_URL, region: "eu-west-1", auth: { type: AUTH_TYPE.AWS_IAM } });
const keyed = new AWSAppSyncClient({ url: process.env.GRAPHQL_URL, auth: { type: "API_KEY", apiKey: "k" } });

export const handler = async (event) => {
  await signed.query({ query: event.query }); //? appsync.GraphQL url=env:GRAPHQL_URL
  await keyed.query({ query: event.query });
  const url = "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql";
  createAuthLink({ url, region: "eu-west-1", auth: { type: "AWS_IAM" } }); //? appsync.GraphQL url=https://abc.appsync-api.eu-west-1.amazonaws.com/graphql
};
