import { AthenaClient, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import AWS from 'aws-sdk';

const athena = new AthenaClient({});
const states = new SFNClient({});
const kinesis = new AWS.Kinesis();

export const handler = async (event) => {
  const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({ QueryString: 'x', WorkGroup: 'w' })); //? athena.StartQueryExecution WorkGroup=w
  await athena.send(new GetQueryResultsCommand({ QueryExecutionId })); //? athena.GetQueryResults $WorkGroup=w
  const run = await states.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE })); //? stepfunctions.StartExecution stateMachineArn=env:MACHINE
  await states.send(new DescribeExecutionCommand({ executionArn: run.executionArn })); //? stepfunctions.DescribeExecution $stateMachineArn=env:MACHINE
  const shard = await kinesis.getShardIterator({ StreamName: 's', ShardId: '1', ShardIteratorType: 'LATEST' }).promise(); //? kinesis.GetShardIterator StreamName=s
  return kinesis.getRecords({ ShardIterator: shard.ShardIterator }).promise(); //? kinesis.GetRecords $StreamName=s
};
