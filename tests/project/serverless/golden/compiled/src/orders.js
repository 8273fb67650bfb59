exports.take = async () => {};
exports.list = async () => [];
