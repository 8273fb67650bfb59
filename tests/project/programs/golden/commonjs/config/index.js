exports.stages = {
  dev: { region: 'eu-west-1', note: 'unused' },
  qa: { region: 'eu-central-1', note: 'unused', tags: { team: 'ledger' } },
};
