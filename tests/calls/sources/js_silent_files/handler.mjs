import fs, { promises } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import AWS from 'aws-sdk';

export const handler = async () => {
  fs.copyFileSync('/tmp/a', '/tmp/b');
  await promises.writeFile('/tmp/a', 'x');
  await copyFile('/tmp/a', '/tmp/b');
  await rm('/tmp/a');
  const stream = fs.createWriteStream('/tmp/a');
  stream.write('x');
  stream.on('finish', () => fs.unlinkSync('/tmp/a'));
  await pipeline(fs.createReadStream('/tmp/b'), stream);
  return fs.promises.readFile('/tmp/b', AWS.VERSION);
};
