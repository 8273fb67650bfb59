import boto3

PAGES = {"objects": "list_objects_v2", "users": "list_users"}


def every(client, operation, **arguments):
    for page in client.get_paginator(operation).paginate(**arguments):  #? s3.ListObjectsV2 Bucket=b & cognito-idp.ListUsers UserPoolId=p & logs.FilterLogEvents logGroupName=g
        yield from page.values()


def handler(event, context):
    s3 = boto3.client("s3")
    list(every(s3, PAGES["objects"], Bucket="b"))
    list(every(boto3.client("cognito-idp"), PAGES["users"], UserPoolId="p"))
    list(every(boto3.client("logs"), "filter_log_events", logGroupName="g"))
    pages = boto3.client("dynamodb").get_paginator("query").paginate(TableName="t", PaginationConfig={"PageSize": 3})  #? dynamodb.Query TableName=t
    pages.search("Items[].id")
    boto3.client("dynamodb").get_waiter("table_exists").wait(TableName="t", WaiterConfig={"Delay": 1})  #? dynamodb.DescribeTable TableName=t
    boto3.client("ec2").get_waiter("instance_running").wait(InstanceIds=["i-1"])  #? ec2.DescribeInstances
    boto3.client("cloudformation").get_waiter("stack_create_complete").wait(StackName="s")  #? cloudformation.DescribeStacks StackName=s
    boto3.client("lambda").get_waiter("function_updated").wait(FunctionName="f")  #? lambda.GetFunctionConfiguration FunctionName=f
    boto3.client("ecs").get_waiter("tasks_stopped").wait(cluster="c", tasks=["t"])  #? ecs.DescribeTasks cluster=c
    boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/app").build_full_result()  #? ssm.GetParametersByPath Path=/app
