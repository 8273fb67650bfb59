import { KinesisClient, DescribeStreamCommand, AddTagsToStreamCommand } from "@aws-sdk/client-kinesis";
import { SNS } from "@aws-sdk/client-sns";

const kinesis = new KinesisClient({});
const sns = new SNS({});

export const handler = async (event) => {
  const found = await kinesis.send(new DescribeStreamCommand({ StreamName: "clicks" })); //? kinesis.DescribeStream StreamName=clicks
  const { StreamARN } = found.StreamDescription;
  await kinesis.send(new AddTagsToStreamCommand({ StreamARN, Tags: {} })); //? kinesis.AddTagsToStream StreamARN=arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/clicks
  const topic = await sns.createTopic({ Name: "news" }); //? sns.CreateTopic Name=news
  await sns.publish({ TopicArn: topic.TopicArn, Message: "m" }); //? sns.Publish TopicArn=arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:news
};
