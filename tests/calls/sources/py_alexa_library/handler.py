import os

import boto3
from ask_sdk.standard import StandardSkillBuilder

skill = StandardSkillBuilder(table_name=os.environ["STATE"])
s3 = boto3.client("s3")


@skill.request_handler(can_handle_func=lambda request: True)
def launch(request):
    s3.get_object(Bucket="sounds", Key="hello")  #? s3.GetObject Bucket=sounds
    return request.response_builder.response


handler = skill.lambda_handler()  #? dynamodb.GetItem TableName=env:STATE & dynamodb.PutItem TableName=env:STATE & dynamodb.DeleteItem TableName=env:STATE
