const { SNS } = require('aws-sdk');
const sns = new SNS();
const publish = sns.publish.bind(sns);

exports.run = () => publish({ TopicArn: process.env.BOUND, Message: 'x' }).promise(); //? sns.Publish TopicArn=env:BOUND
