import os
import time

import boto3

kinesis = boto3.client("kinesis")
athena = boto3.client("athena")
states = boto3.client("stepfunctions")


def results(query):
    while athena.get_query_execution(QueryExecutionId=query)["Status"] != "SUCCEEDED":  #? athena.GetQueryExecution $WorkGroup=env:WORK_GROUP & athena.GetQueryExecution $WorkGroup=primary
        time.sleep(1)
    return athena.get_query_results(QueryExecutionId=query)  #? athena.GetQueryResults $WorkGroup=env:WORK_GROUP & athena.GetQueryResults $WorkGroup=primary


def handler(event, context):
    iterator = kinesis.get_shard_iterator(StreamName="orders", ShardId="1", ShardIteratorType="LATEST")["ShardIterator"]  #? kinesis.GetShardIterator StreamName=orders
    while iterator:
        page = kinesis.get_records(ShardIterator=iterator)  #? kinesis.GetRecords $StreamName=orders
        iterator = page.get("NextShardIterator")
    kinesis.get_records(ShardIterator=event["iterator"])  #? kinesis.GetRecords ShardIterator=?
    results(athena.start_query_execution(QueryString="x", WorkGroup=os.environ["WORK_GROUP"])["QueryExecutionId"])  #? athena.StartQueryExecution WorkGroup=env:WORK_GROUP
    results(athena.start_query_execution(QueryString="x")["QueryExecutionId"])  #? athena.StartQueryExecution WorkGroup=None
    run = states.start_execution(stateMachineArn=os.environ["MACHINE"])  #? stepfunctions.StartExecution stateMachineArn=env:MACHINE
    states.describe_execution(executionArn=run["executionArn"])  #? stepfunctions.DescribeExecution executionArn=? $stateMachineArn=env:MACHINE
    states.stop_execution(executionArn=event["execution"])  #? stepfunctions.StopExecution executionArn=? $stateMachineArn=None
