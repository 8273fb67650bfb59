// Reads tests (JSON lines {name, harness, body, strict}) from stdin. Appends to OUT, for each, {trying: name} and then the program whose SDK call
// happens ({name, text}) or why there is none ({name, dropped}): each program is run here first. With the form `check` the tests are programs
// ({name, text}). Arguments: FORM SEED OUT. Run with --expose-internals, for node's own acorn.
'use strict';
const vm = require('vm');
const acorn = require('internal/deps/acorn/acorn/dist/acorn');
const walk = require('internal/deps/acorn/acorn-walk/dist/walk');

const CALL = "client.send(new PutItemCommand({ TableName: 't' }))";
const [FORM, SEED, OUT] = process.argv.slice(2);
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});

function program(test, body) {
  return `${test.strict ? "'use strict';\n" : ''}const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
${FORM === 'flow' ? `const put = () => ${CALL};\n` : ''}${test.harness}
exports.handler = async function () {
${body}
};
`;
}

// Runs a program in a realm of its own. Returns the number of calls, or -1 where the program fails.
async function run(text) {
  let calls = 0;
  class DynamoDBClient { send() { calls += 1; return Promise.resolve({}); } }
  class PutItemCommand {}
  const exports = {};
  const context = vm.createContext({ exports,
    require: (name) => (name === '@aws-sdk/client-dynamodb' ? { DynamoDBClient, PutItemCommand } : require(name)), print() {}, console: { log() {} }, setTimeout, clearTimeout, structuredClone });
  let failed = false;
  try {
    vm.runInContext(text, context, { timeout: 1000 });
    context.__exports = exports;
    const result = vm.runInContext('__exports.handler()', context, { timeout: 1000 });
    await Promise.race([Promise.prototype.then.call(result, () => {}, () => { failed = true; }),
      new Promise((done) => setTimeout(() => { failed = true; done(); }, 300))]);
    await new Promise((done) => setTimeout(done, 1));
  } catch (error) { failed = true; }
  return failed ? -1 : calls;
}

function random(text) {  // a small seeded generator: mulberry32 over a hash of the text
  let state = 2166136261;
  for (const letter of SEED + text) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(items, next) {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i -= 1) { const j = Math.floor(next() * (i + 1)); [all[i], all[j]] = [all[j], all[i]]; }
  return all;
}

function edited(text, edits) {  // edits: [start, end, replacement], not overlapping
  for (const [start, end, words] of [...edits].sort((a, b) => b[0] - a[0] || b[1] - a[1])) text = text.slice(0, start) + words + text.slice(end);
  return text;
}

const isAssert = (node, name) => node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression'
  && (name === '' ? node.expression.callee.name === 'assert'
    : node.expression.callee.type === 'MemberExpression' && node.expression.callee.object.name === 'assert' && node.expression.callee.property.name === name);

// Every place of the body where a call could be, as lists of edits.
const FORMS = {
  end: (body) => [[[body.length, body.length, `\nawait ${CALL};`]]],
  // After a statement within a function, a loop, a branch, a try or a class.
  inside(body, tree) {
    const ends = [];
    const lists = (node) => { if (node !== tree) for (const s of node.body || node.consequent) if (!/^(Return|Throw|Break|Continue)/.test(s.type)) ends.push(s.end); };
    walk.simple(tree, { BlockStatement: lists, SwitchCase: lists, StaticBlock: lists });
    return ends.map((end) => [[end, end, `\n${CALL};\n`]]);
  },
  // Before the value of an expression: (call, value).
  expression(body, tree) {
    const places = [];
    walk.simple(tree, { Expression(node) { if (/^(Literal|TemplateLiteral|Identifier|ObjectExpression|ArrayExpression|BinaryExpression|CallExpression|NewExpression)$/.test(node.type)) places.push(node); } });
    return places.map((node) => [[node.start, node.end, `(${CALL}, ${body.slice(node.start, node.end)})`]]);
  },
  // Where the assertion was: if (what it asserts) { call }.
  gate(body, tree) {
    const found = [];
    walk.simple(tree, { ExpressionStatement(node) {
      const given = (i) => body.slice(node.expression.arguments[i].start, node.expression.arguments[i].end);
      const put = (words) => found.push([[node.start, node.end, words]]);
      if (isAssert(node, 'sameValue')) put(`if (${given(0)} === ${given(1)}) { ${CALL}; }`);
      else if (isAssert(node, 'notSameValue')) put(`if (${given(0)} !== ${given(1)}) { ${CALL}; }`);
      else if (isAssert(node, '')) put(`if (${given(0)}) { ${CALL}; }`);
      else if (isAssert(node, 'throws')) put(`try { (${given(1)})(); } catch (problem) { ${CALL}; }`);
    } });
    return found;
  },
  // The literal that an assertion expects is replaced, all over the test, by a function that calls; the asserted value is called.
  flow(body, tree) {
    const literals = [];
    const wanted = [];
    walk.simple(tree, {
      Expression(node) { if (node.type === 'Literal') literals.push(node); },
      ExpressionStatement(node) { if (isAssert(node, 'sameValue') && node.expression.arguments[1].type === 'Literal') wanted.push(node); },
    });
    return wanted.map((node) => {
      const [value, literal] = node.expression.arguments;
      const same = literals.filter((l) => l.raw === literal.raw && (l.end <= node.start || l.start >= node.end || (l.start >= value.start && l.end <= value.end)));
      if (same.length === 0) return null;
      const within = same.filter((l) => l.start >= value.start && l.end <= value.end);
      const words = edited(body.slice(value.start, value.end), within.map((l) => [l.start - value.start, l.end - value.start, 'put']));
      return [[node.start, node.end, `(${words})();`], ...same.filter((l) => !within.includes(l)).map((l) => [l.start, l.end, 'put'])];
    }).filter(Boolean);
  },
};

async function main() {
  const tests = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const write = (thing) => require('fs').appendFileSync(OUT, JSON.stringify(thing) + '\n');
  for (const test of tests) {
    if (FORM === 'check') {
      write({ trying: test.name });
      write(await run(test.text) > 0 ? { name: test.name, text: test.text } : { name: test.name, dropped: 'the call does not happen' });
      continue;
    }
    let tree;
    try {
      tree = acorn.parse(test.body, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true });
    } catch (error) {
      write({ name: test.name, dropped: 'does not parse as the body of a function' });
      continue;
    }
    write({ trying: test.name });
    const places = shuffled(FORMS[FORM](test.body, tree), random(test.name));
    let found = { name: test.name, dropped: places.length ? 'the call does not happen' : 'no place for the form' };
    for (const edits of places.slice(0, 6)) {
      const text = program(test, edited(test.body, edits));
      if (await run(text) > 0) { found = { name: test.name, text }; break; }
    }
    // Whether the test can be run here at all: this node may lack what it tests.
    if (found.dropped === 'the call does not happen') {
      if (await run(program(test, test.body)) < 0) found.dropped = 'the test itself fails on this node';
      else if (FORM !== 'end') found.dropped = 'no place for the form that is reached';
    }
    write(found);
  }
  process.exit(0);
}
main();
