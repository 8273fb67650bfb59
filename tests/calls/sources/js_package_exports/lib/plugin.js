import { SQS } from '@aws-sdk/client-sqs';

export const plugin = () => new SQS({}).listQueues({}); //? sqs.ListQueues
