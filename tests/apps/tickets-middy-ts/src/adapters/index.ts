export * from './tickets';
export * from './events';
export { default as parameters } from './parameters';
