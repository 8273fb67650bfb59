// Decisions a second of @cloud-copilot/iam-simulate, run as an outside program from its own folder.
// stdin: {"statements": [...], "requests": [...], "principal": "...", "account": "..."}
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(pathToFileURL(process.argv[2] + '/package.json'))
const { runSimulation } = require('@cloud-copilot/iam-simulate')
const { statements, requests, principal, account } = JSON.parse(readFileSync(0, 'utf8'))
const identityPolicies = [{ name: 'p', policy: { Version: '2012-10-17', Statement: statements } }]

async function decide(one) {
  const result = await runSimulation(
    {
      request: {
        principal,
        action: one.action,
        resource: { resource: one.resource, accountId: account },
        contextVariables: one.context,
      },
      identityPolicies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  return result.overallResult === 'Allowed' ? '1' : '0'
}

for (const one of requests.slice(0, 50)) await decide(one)
let best = Infinity
let results = []
for (let round = 0; round < 5; round++) {
  results = []
  const started = process.hrtime.bigint()
  for (const one of requests) results.push(await decide(one))
  best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e9)
}
console.log(JSON.stringify({ single: requests.length / best, answers: results.join('') }))
