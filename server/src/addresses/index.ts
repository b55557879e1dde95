export { type HostList, hostListOf } from './host-list.ts'
export * from './ip-address.ts'
