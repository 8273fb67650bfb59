import smtplib

import boto3
import stripe
from sendgrid import SendGridAPIClient
from slack_sdk import WebClient
from twilio.rest import Client

slack = WebClient("t")
twilio = Client("a", "b")
mail = SendGridAPIClient("k")


def handler(event, context):
    slack.chat_postMessage(channel="c", text="x")
    twilio.messages.create(to="+1", from_="+2", body="x")
    mail.send({"to": "a@example.com"})
    mail.send_email(Source="a@example.com", Destination={}, Message={})
    stripe.Customer.delete("c")
    stripe.Charge.create(amount=1)
    with smtplib.SMTP("smtp.example.com") as smtp:
        smtp.send_message("x")
        smtp.sendmail("a", "b", "c")
    return slack.conversations_list(), boto3.__version__
