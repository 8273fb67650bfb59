import { Store, makeStore as build, names as n } from './lib/index.js';
import Default, { helper } from './lib/default.js';
import data from './config.json' with { type: 'json' };
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fs from 'fs';

const read = JSON.parse(readFileSync(new URL('./config.json', import.meta.url), 'utf8'));
const again = JSON.parse(fs.readFileSync(path.join(__dirname, 'config.json')));

export const handler = async () => {
  await new Store().save({});
  await build('second').save({});
  await n.parameter();
  await new Default().run();
  await helper();
  const { plugin } = await import('./lib/plugin.js');
  await plugin();
  await (await import(`./lib/${'other'}.js`)).default();
  await n.bucket(data.bucket);
  await n.bucket(read.other);
  await n.bucket(again.third);
};
