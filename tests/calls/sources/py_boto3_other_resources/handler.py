import os

import boto3

dynamodb = boto3.resource("dynamodb", region_name="eu-west-1")
sqs = boto3.resource("sqs")
sns = boto3.resource("sns")
ec2 = boto3.resource("ec2")
iam = boto3.resource("iam")
logs = boto3.client("logs")


def tables():
    table = dynamodb.Table(os.environ["TABLE"])
    table.update_item(Key={"id": 1})  #? dynamodb.UpdateItem TableName=env:TABLE $region=eu-west-1
    table.query(IndexName="byDate")  #? dynamodb.Query TableName=env:TABLE IndexName=byDate
    print(table.item_count)  #? dynamodb.DescribeTable TableName=env:TABLE
    table.wait_until_exists()  #? dynamodb.DescribeTable TableName=env:TABLE
    dynamodb.batch_get_item(RequestItems={"a": {"Keys": []}})  #? dynamodb.BatchGetItem
    made = dynamodb.create_table(TableName="made", KeySchema=[])  #? dynamodb.CreateTable TableName=made
    made.delete()  #? dynamodb.DeleteTable TableName=made
    for one in dynamodb.tables.all():  #? dynamodb.ListTables
        one.scan()  #? dynamodb.Scan TableName=?
    with table.batch_writer(overwrite_by_pkeys=["id"]) as batch:
        batch.put_item(Item={"id": 1})  #? dynamodb.BatchWriteItem
        batch.delete_item(Key={"id": 1})  #? dynamodb.BatchWriteItem
    table.meta.client.describe_time_to_live(TableName=table.table_name)  #? dynamodb.DescribeTimeToLive TableName=env:TABLE


def queues():
    queue = sqs.get_queue_by_name(QueueName="jobs")  #? sqs.GetQueueUrl QueueName=jobs
    queue.send_message(MessageBody="x")  #? sqs.SendMessage QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/jobs
    queue.send_messages(Entries=[])  #? sqs.SendMessageBatch
    for message in queue.receive_messages(MaxNumberOfMessages=10):  #? sqs.ReceiveMessage
        message.change_visibility(VisibilityTimeout=1)  #? sqs.ChangeMessageVisibility
        message.delete()  #? sqs.DeleteMessage QueueUrl=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/jobs
    other = sqs.Queue(os.environ["QUEUE_URL"])
    other.purge()  #? sqs.PurgeQueue QueueUrl=env:QUEUE_URL
    other.delete_messages(Entries=[])  #? sqs.DeleteMessageBatch QueueUrl=env:QUEUE_URL
    print(other.attributes["QueueArn"])  #? sqs.GetQueueAttributes QueueUrl=env:QUEUE_URL
    other.set_attributes(Attributes={})  #? sqs.SetQueueAttributes QueueUrl=env:QUEUE_URL
    other.Message("handle").delete()  #? sqs.DeleteMessage QueueUrl=env:QUEUE_URL ReceiptHandle=handle
    list(sqs.queues.filter(QueueNamePrefix="j"))  #? sqs.ListQueues QueueNamePrefix=j
    sqs.create_queue(QueueName="new")  #? sqs.CreateQueue QueueName=new


def topics():
    topic = sns.Topic(os.environ["TOPIC"])
    topic.publish(Message="x")  #? sns.Publish TopicArn=env:TOPIC
    topic.subscribe(Protocol="sqs", Endpoint="e")  #? sns.Subscribe TopicArn=env:TOPIC
    for one in topic.subscriptions.all():  #? sns.ListSubscriptionsByTopic TopicArn=env:TOPIC
        one.delete()  #? sns.Unsubscribe
    sns.create_topic(Name="made").publish(Message="x")  #? sns.CreateTopic Name=made & sns.Publish
    sns.PlatformEndpoint("arn:aws:sns:us-east-1:1:endpoint/a").publish(Message="x")  #? sns.Publish TargetArn=arn:aws:sns:us-east-1:1:endpoint/a


def machines():
    ec2.Instance("i-1").stop()  #? ec2.StopInstances
    print(ec2.Instance("i-2").state)  #? ec2.DescribeInstances
    ec2.instances.filter(Filters=[]).terminate()  #? ec2.DescribeInstances & ec2.TerminateInstances
    for one in ec2.instances.all():  #? ec2.DescribeInstances
        one.create_tags(Tags=[])  #? ec2.CreateTags
    ec2.create_instances(ImageId="ami-1", MinCount=1, MaxCount=1)  #? ec2.RunInstances ImageId=ami-1
    ec2.SecurityGroup("sg-1").authorize_ingress(CidrIp="10.0.0.0/8")  #? ec2.AuthorizeSecurityGroupIngress GroupId=sg-1
    ec2.Volume("v-1").create_snapshot()  #? ec2.CreateSnapshot VolumeId=v-1
    iam.Role("r").attach_policy(PolicyArn="p")  #? iam.AttachRolePolicy RoleName=r PolicyArn=p
    print(iam.Role("r").arn)  #? iam.GetRole RoleName=r
    list(iam.roles.all())  #? iam.ListRoles
    boto3.resource("cloudformation").Stack("s").update()  #? cloudformation.UpdateStack StackName=s
    boto3.resource("cloudwatch").Metric("n", "m").put_data(MetricData=[])  #? cloudwatch.PutMetricData


def handler(event, context):
    tables()
    queues()
    topics()
    machines()
    logs.meta.events.register("before-call", lambda **kw: logs.create_log_group(logGroupName="g"))  #? logs.CreateLogGroup logGroupName=g
