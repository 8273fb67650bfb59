// A configuration that is put together by functions, classes and loops.
import { Api } from './parts/api';
import { queue, queueArn } from './parts/queue';
import { names as allNames, legacy } from './parts/names';

const api = new Api('orders').get('/orders').post('/orders', { private: true });
const [first, , ...others] = allNames;
const { prefix, limits: { low = 1, high }, ...rest } = { prefix: 'q', limits: { high: 9 }, extra: true, more: null };

const functions: Record<string, unknown> = {};
for (const name of others) {
  if (name === legacy) continue;
  functions[name] = { handler: `src/${name}.main`, events: [{ sqs: { arn: queueArn(name), batchSize: high } }] };
}
functions[first!] ??= { handler: 'src/first.main', events: api.events };
let count = 0;
while (count < 3) count += 1;

const memory = others
  .map((name, index) => ({ name, size: 128 * (index + 1) }))
  .filter(({ size }) => size > 128)
  .reduce((all, { name, size }) => ({ ...all, [name]: size }), {} as Record<string, number>);

function level(stage: string) {
  switch (stage) {
    case 'prod':
      return 'warn';
    case 'test':
    case 'dev':
      return 'debug';
    default:
      return 'info';
  }
}

export default {
  service: ['order', 'desk'].join('-'),
  provider: { name: 'aws', runtime: 'nodejs20.x', environment: { LEVEL: level('test'), COUNT: String(count) } },
  functions,
  custom: { memory, low, rest, label: prefix.toUpperCase().padEnd(3, '-'), exclude: [...new Set([...allNames, first])] },
  resources: { Resources: Object.assign({}, ...allNames.map((name) => queue(name))) },
};
