export { isWithin } from './domain.ts'
export * from './ip-address.ts'
