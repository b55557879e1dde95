export { sqlNodeStore } from './node-store.sql.ts'
export type { NodeStore } from './node-store.ts'
export { createPresence, type Presence } from './presence.ts'
export { nodeRoutes } from './routes.ts'
