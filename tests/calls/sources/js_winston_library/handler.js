const winston = require('winston');
const CloudWatch = require('winston-cloudwatch');

const logger = winston.createLogger({
  transports: [new CloudWatch({ logGroupName: process.env.GROUP, logStreamName: 'all', retentionInDays: 7 })], //? logs.DescribeLogStreams logGroupName=env:GROUP & logs.CreateLogStream logGroupName=env:GROUP & logs.PutLogEvents logGroupName=env:GROUP & logs.CreateLogGroup logGroupName=env:GROUP & logs.PutRetentionPolicy logGroupName=env:GROUP
});
winston.add(new CloudWatch({ logGroupName: () => 'audit', logStreamName: 'x', ensureLogGroup: false })); //? logs.DescribeLogStreams logGroupName=audit & logs.CreateLogStream logGroupName=audit & logs.PutLogEvents logGroupName=audit

exports.handler = async (event) => {
  logger.info('seen', { event });
};
