export const legacy = 'faxes' as const;
const names = 'orders,skipped,invoices,faxes,labels'.split(',');
export { names };
