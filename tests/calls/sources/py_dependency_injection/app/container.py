import boto3


class Mailer:
    def __init__(self, ses, sender):
        self.ses = ses
        self.sender = sender

    def send(self, to):
        self.ses.send_email(Source=self.sender, Destination={"ToAddresses": [to]}, Message={})  #? ses.SendEmail Source=shop@example.com


class Container:
    def __init__(self):
        self._ses = boto3.client("ses")

    def mailer(self):
        return Mailer(self._ses, sender="shop@example.com")
