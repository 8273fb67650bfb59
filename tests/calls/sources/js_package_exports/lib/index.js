export * from './store.js';
export { default as makeStore } from './store.js';
export * as names from './names.js';
