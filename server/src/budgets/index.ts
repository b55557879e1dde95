export { type Budget, charge, createBudget, createBudgetOf } from './budget.ts'
export { createDeniedEvents, type DeniedEvents } from './denied-events.ts'
