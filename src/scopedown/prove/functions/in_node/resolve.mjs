// The AWS SDK that Lambda's own runtime brings along, for code that imports it and has none of its own.
//
// In: the URLs of folders that hold a node_modules, and two files. Out: a hook of Node's module loader; what it found
// is written to one file, what it did not find to the other, one name a line.
import { appendFileSync } from 'node:fs';

let folders = [];
let provided;
let missing;
export function initialize(given) {
  ({ folders, provided, missing } = given);
}
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^(aws-sdk|@aws-sdk\/|@smithy\/)/.test(specifier)) throw error;
    for (const folder of folders) {
      try {
        const found = await next(specifier, { ...context, parentURL: folder });
        appendFileSync(provided, `${specifier}\n`);
        return found;
      } catch {
        // not in that one either
      }
    }
    appendFileSync(missing, `${specifier}\n`);
    throw error;
  }
}
