from abc import ABC, abstractmethod

import boto3


class Publisher(ABC):
    topic = None

    def __init__(self):
        self.sns = boto3.client("sns")

    def publish(self, message):
        self.sns.publish(TopicArn=self.topic, Message=self.render(message))  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:alerts

    @abstractmethod
    def render(self, message): ...


class Alerts(Publisher):
    topic = "arn:aws:sns:eu-west-1:111122223333:alerts"

    def __init__(self):
        super().__init__()
        self.cloudwatch = boto3.client("cloudwatch")

    def render(self, message):
        self.cloudwatch.put_metric_data(Namespace="alerts", MetricData=[])  #? cloudwatch.PutMetricData Namespace=alerts
        return message


def handler(event, context):
    Alerts().publish(event["message"])
