export { staffFactorAssertion, stepUpAssertion } from './assert-step-up.ts'
export { StepUpBody, stepUpExample, stepUpRoutes } from './routes.ts'
export { type PresentedProof, type StepUpDeps, type StepUpStores, stepUp } from './step-up.ts'
