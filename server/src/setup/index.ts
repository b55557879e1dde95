export { createSetupPrinter, type SetupPrinter } from './print-setup-link.ts'
export { setupRoutes } from './routes.ts'
export { sqlSetupLinkStore } from './setup-link-store.sql.ts'
