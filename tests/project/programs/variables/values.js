const prefix = 'shop';

module.exports = {
  table: prefix + '-orders',
  nested: { list: [1, { deep: '${self:service}-queue' }], none: null },
  later: Promise.resolve('later'),
  make: ({ options }) => ({ stage: options.stage || 'none', sizes: [1, 2].map((size) => size * 128) }),
  ask: async ({ resolveVariable }) => `${await resolveVariable('self:provider.stage')}-asked`,
  look: async ({ resolveConfigurationProperty }) => ({ found: await resolveConfigurationProperty(['custom', 'base']) }),
};
