import boto3


def run():
    boto3.client("sns").list_topics()  #? sns.ListTopics
