import boto3

lambda_client = boto3.client("lambda")


def run(operation, name):
    if operation == "invoke":
        return lambda_client.invoke(FunctionName=name)  #? lambda.Invoke FunctionName=worker
    elif operation == "delete":
        return lambda_client.delete_function(FunctionName=name)
    return None


def handler(event, context):
    return run("invoke", "worker")
