export {
  createTokenIssuer,
  issueTokens,
  signToken,
  startSession,
  type TokenIssuer,
  type TokenPair,
} from './issue-tokens.ts'
export { acceptRefreshToken, createRefreshTokenOpener, type OpenRefreshToken } from './read-refresh-token.ts'
export { type RefreshTokenStore, sqlRefreshTokenStore } from './refresh-token-store.sql.ts'
export { type RevocationDeps, revokeRefreshToken } from './revoke.ts'
export { type PresentedRefreshToken, type RotationDeps, rotateRefreshToken } from './rotate-refresh-token.ts'
export { rotateInOneStatement, sqlRotationStore } from './rotation-store.sql.ts'
export { TokenPairBody, tokenPairExample, tokenRoutes } from './routes.ts'
export { signLargeToken } from './sign-large-token.ts'
