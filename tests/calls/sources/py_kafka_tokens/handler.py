from aws_msk_iam_sasl_signer import MSKAuthTokenProvider


class Tokens:
    def token(self):
        token, _ = MSKAuthTokenProvider.generate_auth_token("eu-west-1")  #? kafka-cluster.Connect
        return token


def handler(event, context):
    return Tokens().token()
