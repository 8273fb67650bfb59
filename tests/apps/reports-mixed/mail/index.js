const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2');
const s3sdk = require('@aws-sdk/client-s3');

const mailer = new SESv2Client({});
const store = new s3sdk.S3Client({});

async function subscribersOf(bucket) {
  const list = await store.send(new s3sdk.GetObjectCommand({ Bucket: bucket, Key: 'config/subscribers.json' }));
  return JSON.parse(await list.Body.transformToString());
}

function letter(to, key) {
  return {
    FromEmailAddress: process.env.SENDER,
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: { Data: 'Your report' }, Body: { Text: { Data: `It is ready: ${key}` } } } },
  };
}

exports.handler = async function handler(event) {
  const keys = event.Records.map(({ s3 }) => s3.object.key).filter((key) => key.startsWith('daily/'));
  const people = keys.length ? await subscribersOf(process.env.REPORTS_BUCKET) : [];
  for (const key of keys) {
    await Promise.all(people.map((person) => mailer.send(new SendEmailCommand(letter(person, key)))));
  }
};
