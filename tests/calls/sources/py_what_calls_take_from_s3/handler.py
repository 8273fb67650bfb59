import os

import boto3

IMAGE = {"S3Object": {"Bucket": os.environ["IMAGES"], "Name": "face.png"}}


def handler(event, context):
    boto3.client("rekognition").detect_labels(Image=IMAGE)  #? rekognition.DetectLabels
    boto3.client("textract").start_document_analysis(DocumentLocation=IMAGE, FeatureTypes=[])  #? textract.StartDocumentAnalysis
    boto3.client("transcribe").start_transcription_job(TranscriptionJobName="j", Media={"MediaFileUri": "s3://in/a.mp3"}, OutputBucketName="out")  #? transcribe.StartTranscriptionJob OutputBucketName=out
    boto3.client("comprehend").start_entities_detection_job(DataAccessRoleArn=os.environ["ROLE"], InputDataConfig={}, OutputDataConfig={}, LanguageCode="en")  #? comprehend.StartEntitiesDetectionJob DataAccessRoleArn=env:ROLE
    boto3.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=os.environ["ROLE"])  #? stepfunctions.CreateStateMachine roleArn=env:ROLE
    boto3.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "a", "RoleArn": os.environ["ROLE"]}])  #? events.PutTargets Rule=r
    boto3.client("scheduler").create_schedule(Name="n", Target={"Arn": "a", "RoleArn": os.environ["ROLE"]})  #? scheduler.CreateSchedule Name=n
    boto3.client("ecs").run_task(cluster="c", taskDefinition="t:3")  #? ecs.RunTask cluster=c taskDefinition=t:3
    boto3.client("redshift-data").execute_statement(ClusterIdentifier="c", Database="d", DbUser="u", Sql="SELECT 1")  #? redshift-data.ExecuteStatement ClusterIdentifier=c DbUser=u
    boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["ENDPOINT"]).post_to_connection(ConnectionId="c", Data=b"x")  #? apigatewaymanagementapi.PostToConnection $endpoint=env:ENDPOINT
