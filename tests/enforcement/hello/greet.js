exports.handler = async () => ({ greeting: 'good day' });
