import clients
from clients import Registry, registry
import settings


def handler(event, context):
    clients.s3().get_object(Bucket=settings.BUCKET, Key="k")  #? s3.GetObject Bucket=env:BUCKET Key=k
    clients.cached("sqs").receive_message(QueueUrl=settings.current().queue)  #? sqs.ReceiveMessage QueueUrl=env:QUEUE
    clients.memo("ssm").get_parameter(Name="/x")  #? ssm.GetParameter Name=/x
    clients.memo("secretsmanager").get_secret_value(SecretId="s")  #? secretsmanager.GetSecretValue SecretId=s
    Registry().client.put_item(TableName="registry", Item={})  #? dynamodb.PutItem TableName=registry
    registry.get("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:a", Message="m")  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:a
    clients.Holder.instance().events.put_events(Entries=[{"EventBusName": "bus"}])  #? events.PutEvents
