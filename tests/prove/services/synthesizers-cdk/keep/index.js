exports.handler = async () => process.env.TOPIC;
