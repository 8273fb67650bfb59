// Runs JavaScript programs in one process and notes which make their call: node execute.mjs FOLDER [TYPESCRIPT]
// In: a folder with one folder a program. Out: "NUMBER<TAB>calls<TAB>error", one line each.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const root = path.resolve(process.argv[2]);
const require = createRequire(path.join(root, "x.js"));
const calls = (globalThis.meaningCalls = []);
for (const name of ["BUCKET", "TABLE", "QUEUE_URL", "TOPIC", "SECRET", "OTHER", "MACHINE"]) process.env[name] = "own";
const event = () => ({ key: "x", id: "x", body: "x", version: "x", detail: "x", name: "x", kind: "x" });
let ts;
if (process.argv[3]) ts = createRequire(path.join(process.argv[3], "x.js"))("typescript");
if (ts) require.extensions[".ts"] = (module, file) => {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, experimentalDecorators: true, esModuleInterop: true };
  module._compile(ts.transpileModule(fs.readFileSync(file, "utf8"), { compilerOptions, fileName: file }).outputText, file);
};
process.on("unhandledRejection", () => {});
const out = process.stdout;
console.log = console.error;
const wait = (time) => new Promise((done) => setTimeout(done, time));
const folders = fs.readdirSync(root).filter((name) => /^\d+$/.test(name)).sort((a, b) => a - b);
for (const name of folders) {
  const folder = path.join(root, name);
  calls.length = 0;
  const file = ["handler.js", "handler.mjs", "handler.ts"].map((one) => path.join(folder, one)).find(fs.existsSync);
  let error = "";
  process.chdir(folder);
  if (file.endsWith(".ts") && !ts) { out.write(`${name}\t\tnot executed\n`); continue; }
  try {
    const module = file.endsWith(".mjs") ? await import(pathToFileURL(file)) : require(file);
    const handler = module.handler ?? module.default?.handler;
    await Promise.race([
      new Promise((done, fail) => {
        const result = handler(event(), {}, (problem, value) => (problem ? fail(problem) : done(value)));
        if (result !== undefined) Promise.resolve(result).then(done, fail); else setTimeout(done, 15);
      }),
      wait(500),
    ]);
    for (let turn = 0; !calls.length && turn < 8; turn++) await wait(turn * 3);
  } catch (problem) { error = String(problem && problem.message || problem).split("\n")[0]; }
  out.write(`${name}\t${calls.join(",")}\t${error}\n`);
}
process.exit(0);
