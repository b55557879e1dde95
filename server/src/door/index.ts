export { createDoor, type Door } from './door.ts'
export { securityHeaders } from './security-headers.ts'
