const { Readable, Writable } = require('stream');
const { pipeline } = require('stream/promises');
const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');

const s3 = new S3Client({});
const sent = (key) => s3.send(new GetObjectCommand({ Bucket: 'b', Key: key })); //? s3.GetObject Key=sink & s3.GetObject Key=source & s3.GetObject Key=iterator & s3.GetObject Key=computed & s3.GetObject Key=proxy & s3.GetObject Key=trap & s3.GetObject Key=made & s3.GetObject Key=thrown & s3.GetObject Key=rejected & s3.GetObject Key=json

class Sink extends Writable {
  _write(piece, encoding, next) {
    sent('sink').then(() => next());
  }
}

class Source extends Readable {
  async _read() {
    this.push(await sent('source'));
  }
}

class Pages {
  async *[Symbol.asyncIterator]() {
    yield await sent('iterator');
  }
}

const NAMES = { save: 'saveAll' };

class Reader {
  constructor(key) {
    this.key = key;
  }

  [NAMES.save]() {
    return sent(this.key);
  }

  toJSON() {
    return sent('json');
  }
}

const failing = () => {
  throw new Reader('thrown');
};

const unused = new Sink();

exports.handler = async () => {
  new Sink({ objectMode: true }).write({});
  await pipeline(new Source(), new Sink());
  for await (const piece of new Source()) console.log(piece);
  for await (const page of new Pages()) console.log(page);
  await new Reader('computed').saveAll();
  await new Proxy(new Reader('proxy'), {}).saveAll();
  await new Proxy({}, { get: (target, name) => () => sent('trap') }).anything();
  await Reflect.construct(Reader, ['made']).saveAll();
  await Reflect.apply(s3.send, s3, [new GetObjectCommand({ Bucket: 'b', Key: 'applied' })]); //? s3.GetObject Key=applied
  try {
    failing();
  } catch (error) {
    await error.saveAll();
  }
  await Promise.reject(new Reader('rejected')).catch((error) => error.saveAll());
  return JSON.stringify(new Reader('text'));
};
