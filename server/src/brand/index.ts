export { type Brand, loadLogo } from './load-brand.ts'
export { brandRoutes } from './routes.ts'
