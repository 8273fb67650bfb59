const { S3 } = require("@aws-sdk/client-s3");

exports.first = (event) => new S3({}).getObject({ Bucket: "first", Key: event.key }); //? s3.GetObject Bucket=first
exports.second = (event) => new S3({}).getObject({ Bucket: "second", Key: event.key }); //? s3.GetObject Bucket=second
