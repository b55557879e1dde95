export { createDoor, type Door, type DoorLimits, defaultLimits } from './door.ts'
export { STATUS_CODES } from './node-http.ts'
export { securityHeaders } from './security-headers.ts'
