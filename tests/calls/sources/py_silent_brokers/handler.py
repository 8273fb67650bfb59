import boto3
import paho.mqtt.client as mqtt
import pika
from celery import Celery

app = Celery("tasks", broker="redis://")
client = mqtt.Client()
channel = pika.BlockingConnection().channel()


def handler(event, context):
    client.connect("broker.example.com")
    client.publish(topic="rooms/1", payload="x")
    channel.basic_publish(exchange="", routing_key="q", body="x")
    channel.publish(TopicArn="arn:aws:sns:us-east-1:1:t", Message="x")
    channel.queue_purge("q")
    channel.purge_queue(QueueUrl="q")
    app.send_task("tasks.run", args=[1])
    app.control.purge()
    return boto3.__version__
