export { forwardRoutes } from './forward-routes.ts'
export { type ForwardRuleStore, sqlForwardRuleStore } from './forward-rule-store.sql.ts'
export { forwardRuleRoutes } from './routes.ts'
