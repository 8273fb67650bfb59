export * from './ticket';
export * from './priority';
