const { AsyncLocalStorage } = require("async_hooks");
const { S3, S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
require("./steps");

const client = new S3Client({});
const s3 = new S3({});

function read(bucket) {
  return arguments[1].send(new GetObjectCommand({ Bucket: bucket, Key: "a" })); //? s3.GetObject Bucket=arguments
}

function all() {
  const [bucket, used] = Array.prototype.slice.call(arguments);
  return used.send(new GetObjectCommand({ Bucket: bucket, Key: "a" })); //? s3.GetObject Bucket=sliced
}

class Made {
  constructor() {
    return { list: () => s3.listBuckets({}) }; //? s3.ListBuckets
  }
}

const base = {
  remove(event) {
    return s3.deleteObject({ Bucket: "inherited", Key: event.key }); //? s3.DeleteObject Bucket=inherited
  },
};
const one = Object.setPrototypeOf({}, base);
const other = { __proto__: { tag: (event) => s3.putObjectTagging({ Bucket: "proto", Key: event.key, Tagging: {} }) } }; //? s3.PutObjectTagging Bucket=proto
const described = Object.create(null, { head: { value: (event) => s3.headObject({ Bucket: "described", Key: event.key }) } }); //? s3.HeadObject Bucket=described
const storage = new AsyncLocalStorage();
const reference = new WeakRef(s3);

class Single {
  static made;
  static get instance() {
    return (Single.made ??= new Single());
  }
  list() {
    return s3.listObjectsV2({ Bucket: "single" }); //? s3.ListObjectsV2 Bucket=single
  }
}

const pair = {
  *[Symbol.iterator]() {
    yield s3;
  },
};

exports.handler = async (event) => {
  const [unpacked] = pair;
  unpacked.getObjectAcl({ Bucket: "unpacked", Key: "a" }); //? s3.GetObjectAcl Bucket=unpacked
  Single.instance.list();
  read("arguments", client);
  all("sliced", client);
  new Made().list();
  one.remove(event);
  other.tag(event);
  described.head(event);
  Function.prototype.call.call(s3.getObject, s3, { Bucket: "uncurried", Key: "a" }); //? s3.GetObject Bucket=uncurried
  storage.run({ s3 }, () => storage.getStore().s3.getObject({ Bucket: "stored", Key: "a" })); //? s3.GetObject Bucket=stored
  reference.deref().getObject({ Bucket: "weak", Key: "a" }); //? s3.GetObject Bucket=weak
  await Promise.resolve(s3).then((found) => found.getObject({ Bucket: "promised", Key: "a" })); //? s3.GetObject Bucket=promised
  module.require("./steps").first(event);
  require.cache[require.resolve("./steps")].exports.second(event);
  [1].forEach(function () { this.s3.getObject({ Bucket: "this", Key: "a" }); }, { s3 }); //? s3.GetObject Bucket=this
  try {
    throw client;
  } catch (caught) {
    await caught.send(new GetObjectCommand({ Bucket: "thrown", Key: "a" })); //? s3.GetObject Bucket=thrown
  }
};
