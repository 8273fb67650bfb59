import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.middleware_factory import lambda_handler_decorator
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.feature_flags import AppConfigStore, FeatureFlags
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent, idempotent_function
from aws_lambda_powertools.utilities.parameters import SSMProvider, get_parameters_by_name
from aws_lambda_powertools.utilities.parameters.secrets import get_secret

logger, tracer, metrics = Logger(), Tracer(service="shop"), Metrics(namespace="shop")
app = APIGatewayRestResolver()
seen = DynamoDBPersistenceLayer(table_name=os.environ["SEEN"])  #? dynamodb.GetItem TableName=env:SEEN & dynamodb.PutItem TableName=env:SEEN & dynamodb.UpdateItem TableName=env:SEEN & dynamodb.DeleteItem TableName=env:SEEN
unused = DynamoDBPersistenceLayer(table_name="unused")
flags = FeatureFlags(store=AppConfigStore("prod", "shop", "flags"))  #? appconfigdata.StartConfigurationSession ApplicationIdentifier=shop EnvironmentIdentifier=prod ConfigurationProfileIdentifier=flags & appconfigdata.GetLatestConfiguration
own = SSMProvider()
table = parameters.DynamoDBProvider(table_name="settings")


@tracer.capture_method(capture_response=False)
def key(name):
    return get_secret(name)  #? secretsmanager.GetSecretValue SecretId=env:KEY


@idempotent_function(data_keyword_argument="order", persistence_store=unused)
def never(order):
    boto3.client("s3").get_object(Bucket="never", Key="k")


@app.get("/orders/<id>")
@tracer.capture_method
def order(id):
    with tracer.provider.in_subsegment("## read"):
        own.get("/shop/plain", decrypt=True)  #? ssm.GetParameter Name=/shop/plain
        own.get_multiple("/shop/all")  #? ssm.GetParametersByPath Path=/shop/all
    table.get(id)  #? dynamodb.GetItem TableName=settings
    table.get_multiple(id)  #? dynamodb.Query TableName=settings
    get_parameters_by_name({"/a": {}, "/b": {"decrypt": True}})  #? ssm.GetParameters & ssm.GetParameter Name=/b
    parameters.set_parameter("/shop/last", value=id)  #? ssm.PutParameter Name=/shop/last
    return flags.evaluate(name="new", context={}, default=False)


@lambda_handler_decorator
def audited(handler, event, context, topic=None):
    boto3.client("sns").publish(TopicArn=topic, Message="called")  #? sns.Publish TopicArn=env:TOPIC
    return handler(event, context)


@metrics.log_metrics(capture_cold_start_metric=True)
@logger.inject_lambda_context
@tracer.capture_lambda_handler
@audited(topic=os.environ["TOPIC"])
@idempotent(persistence_store=seen)
def handler(event, context):
    key(os.environ["KEY"])
    parameters.get_app_config(name="conf", environment="dev", application="shop")  #? appconfigdata.StartConfigurationSession ConfigurationProfileIdentifier=conf & appconfigdata.GetLatestConfiguration
    return app.resolve(event, context)
