import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { functions, default as provider } from './parts/index.mjs';
export * from './parts/index.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const get = (object, ...keys) => keys.reduce((value, key) => value?.[key], object);

export default {
  service: path.basename(folder),
  provider,
  functions,
  custom: { role: get(provider, 'iam', 'role') ?? 'none', nothing: get(provider, 'vpc', 'subnetIds', 0) },
};
