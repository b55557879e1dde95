export { createDoor, type Door, type DoorLimits, defaultLimits } from './door.ts'
export { securityHeaders } from './security-headers.ts'
