export const provider = { name: 'aws', runtime: 'nodejs20.x', get stage() { return this.name + '-' + 'stage'; } };
export { provider as default };
export const functions = { one: { handler: 'index.one' } };
