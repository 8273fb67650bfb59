const { promisify } = require('util');
const { EventEmitter } = require('events');
const AWS = require('aws-sdk');

const s3 = new AWS.S3();
const getObject = promisify(s3.getObject.bind(s3));
const putObject = promisify(s3.putObject).bind(s3);
const bus = new EventEmitter();
const compose = (...functions) => (value) => functions.reduceRight((result, one) => one(result), value);
const curry = (bucket) => (key) => s3.headObject({ Bucket: bucket, Key: key }).promise(); //? s3.HeadObject Bucket=curried Key=?

bus.on('saved', (bucket) => s3.listObjects({ Bucket: bucket }).promise()); //? s3.ListObjects Bucket=emitted
bus.once('unused', () => console.log('x'));

class Uploads extends EventEmitter {
  finish(key) {
    this.emit('finish', key);
  }
}

const retry = async (work, times = 3) => {
  for (let i = 0; i < times; i++) {
    try {
      return await work();
    } catch (error) {
      console.error(error);
    }
  }
};

const uploads = new Uploads();
uploads.on('finish', (Key) => s3.deleteObject({ Bucket: 'uploads', Key }).promise()); //? s3.DeleteObject Bucket=uploads Key=done

exports.handler = (event, context, callback) => {
  const work = async () => {
    await getObject({ Bucket: 'promisified', Key: 'k' }); //? s3.GetObject Bucket=promisified
    await putObject({ Bucket: 'promisified', Key: 'k' }); //? s3.PutObject Bucket=promisified
    await Promise.all(['a', 'b'].map((Bucket) => s3.headBucket({ Bucket }).promise())); //? s3.HeadBucket Bucket=a & s3.HeadBucket Bucket=b
    await Promise.all(event.Records.map((record) => curry('curried')(record.s3.object.key)));
    bus.emit('saved', 'emitted');
    uploads.finish('done');
    await retry(() => s3.listObjectVersions({ Bucket: 'v' }).promise()); //? s3.ListObjectVersions Bucket=v
    await compose((name) => s3.getBucketAcl({ Bucket: name }).promise(), (name) => `${name}-x`)('composed'); //? s3.GetBucketAcl Bucket=composed-x
    await new Promise((resolve, reject) =>
      s3.getBucketPolicy({ Bucket: 'p' }, (error, data) => (error ? reject(error) : resolve(data))), //? s3.GetBucketPolicy Bucket=p
    );
    await ['r1'].reduce(async (before, Bucket) => {
      await before;
      return s3.getBucketLocation({ Bucket }).promise(); //? s3.GetBucketLocation Bucket=r1
    }, Promise.resolve());
    for await (const Bucket of names()) {
      await s3.getBucketTagging({ Bucket }).promise(); //? s3.GetBucketTagging Bucket=n1|n2
    }
    setTimeout(() => s3.getBucketLogging({ Bucket: 'later' }, () => {}), 10); //? s3.GetBucketLogging Bucket=later
  };
  work().then(() => callback(null)).catch(callback);
};

async function* names() {
  yield 'n1';
  yield* more();
}

function* more() {
  yield 'n2';
}
