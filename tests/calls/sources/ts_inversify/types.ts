export const TYPES = { Ledger: Symbol.for('Ledger'), Clerk: Symbol.for('Clerk'), Queue: Symbol('Queue'), Bucket: 'Bucket' };
