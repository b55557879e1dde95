export { createEventHub, type EventHub } from './event-hub.ts'
export { liveRoutes } from './routes.ts'
