export * from './ip-address.ts'
