export { setupRoutes } from './routes.ts'
export { SetupPrinter } from './setup-link.ts'
export { setupLinkStore } from './setup-link-store.sql.ts'
