import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const sns = new SNSClient({});

export const audited = (topic: string) => {
  const tell = async (text: string) => {
    await sns.send(new PublishCommand({ TopicArn: topic, Message: text })); //? sns.Publish TopicArn=env:TOPIC
  };
  return {
    after: async (request: { response: unknown }) => tell(JSON.stringify(request.response)),
    onError: async (request: { error: Error }) => tell(request.error.message),
  };
};
