export { Heartbeat } from './heartbeat.ts'
export { isAlive, type NodeStore, nodeStore } from './node-store.sql.ts'
export { nodeRoutes } from './routes.ts'
