const { S3Client, GetObjectCommand, PutObjectCommand } = require("@aws-sdk/client-s3");

const s3 = new S3Client({});
const get = (Bucket) => s3.send(new GetObjectCommand({ Bucket, Key: "a" })); //? s3.GetObject Bucket=text & s3.GetObject Bucket=number & s3.GetObject Bucket=kind & s3.GetObject Bucket=looked & s3.GetObject Bucket=replaced & s3.GetObject Bucket=instance & s3.GetObject Bucket=block & s3.GetObject Bucket=static

class Report {
  toString() {
    get("text");
    return "report";
  }
}

class NeverMade {
  toString() {
    return get("nobody");
  }
}

class Kind {
  static [Symbol.hasInstance](value) {
    get("kind");
    return true;
  }
}

class Store {
  static {
    Store.first = () => get("block");
  }
  static table = { run: Store.run };
  static run() {
    get("static");
  }
}

const price = {
  valueOf() {
    get("number");
    return 1;
  },
};

const box = {
  set content(value) {
    s3.send(new PutObjectCommand({ Bucket: "set", Key: value })); //? s3.PutObject Bucket=set
  },
};

const looked = new Proxy({}, {
  has() {
    get("looked");
    return true;
  },
});

exports.handler = async (event) => {
  box.content = event.key;
  Store.first();
  Store.table.run();
  new (class { run() { this.constructor.own(); } static own() { get("instance"); } })().run();
  JSON.stringify(event, () => get("replaced"));
  return [`${new Report()}`, price + 1, event instanceof Kind, "a" in looked];
};
