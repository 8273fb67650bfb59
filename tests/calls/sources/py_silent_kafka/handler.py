from confluent_kafka import Consumer, Producer
from kafka import KafkaProducer

import boto3

producer = Producer({"bootstrap.servers": "b:9092"})
consumer = Consumer({"group.id": "g"})
older = KafkaProducer(bootstrap_servers=["b:9092"])
REGION = boto3.session.Session().region_name


def handler(event, context):
    producer.produce("orders", value=b"x")
    producer.send_message(QueueUrl="orders", MessageBody="x")
    older.send("orders", b"x").get(timeout=3)
    consumer.subscribe(["orders"])
    message = consumer.poll(1.0)
    consumer.receive_message(QueueUrl="orders")
    consumer.list_topics()
    return message
