export { default as takeOrder } from './orders';
export * from './reports';
