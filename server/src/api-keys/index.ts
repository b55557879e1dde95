export { isApiKey, readKey } from './api-key.ts'
export { type ApiKeyStore, sqlApiKeyStore } from './api-key-store.sql.ts'
export { type AuthenticateApiKey, apiKeyAuthentication } from './authenticate-api-key.ts'
export { apiKeyRoutes } from './routes.ts'
