import boto3


def send():
    boto3.client("sns").list_topics()  #? sns.ListTopics
