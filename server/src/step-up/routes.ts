import type { GrantsStore } from '../access/index.ts'
import { assertOneFactor, FactorFields, PasskeyRequestBody, passkeyRequestExample } from '../factors/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { PasswordField } from '../identity/index.ts'
import type { Random, RefreshTokenId } from '../kernel/index.ts'
import {
  issueTokens,
  type RefreshTokenStore,
  type TokenIssuer,
  TokenPairBody,
  tokenPairExample,
} from '../tokens/index.ts'
import { type PresentedProof, type StepUpDeps, type StepUpStores, stepUp, stepUpPurpose } from './step-up.ts'

type Stores = StepUpStores & { readonly refreshTokens: RefreshTokenStore; readonly userGrants: GrantsStore }

interface StepUpRouteDeps extends StepUpDeps<Stores> {
  readonly issuer: TokenIssuer
  readonly random: Random
}

export const StepUpBody = Type.Object(
  { ...FactorFields, password: Type.Optional(PasswordField) },
  {
    $id: 'StepUp',
    additionalProperties: false,
    description: 'One of them. A password is taken only where the account has no second factor.',
  },
)

export const stepUpExample = { totp: '492039' }

export const stepUpRoutes = (deps: StepUpRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/me/step_up/options/',
    access: 'authenticated',
    operationId: 'stepUpOptions',
    tag: 'Own account',
    summary: 'Begin to confirm the identity with a passkey',
    description:
      'What `PublicKeyCredential.parseRequestOptionsFromJSON()` of a browser takes, with the passkeys of the caller. The challenge is for this session, and can be answered once, within five minutes.',
    success: {
      status: 200,
      description: 'The options, with a challenge.',
      schema: PasskeyRequestBody,
      example: passkeyRequestExample,
    },
    async handler({ principal: { userId, sessionId } }) {
      const { ceremonies, stores } = deps.byFactor
      const own = await stores.passkeys.list(userId)
      return { ...(await ceremonies.requestOptions(stepUpPurpose(sessionId), own)) }
    },
  }),

  route({
    method: 'POST',
    path: '/me/step_up/',
    access: 'authenticated',
    operationId: 'stepUp',
    tag: 'Own account',
    summary: 'Confirm the identity again',
    description:
      'What a 401 `insufficient_user_authentication` asks for (RFC 9470). Takes a code of an authenticator app, a recovery code, a passkey that was asked with the options of `/me/step_up/options/`, or, where the account has no second factor, the password. The tokens of the answer say so in `auth_time`, `acr` and `amr`; they belong to the same session, whose earlier refresh token no longer works. A refresh never moves these claims.',
    body: StepUpBody,
    bodyExample: stepUpExample,
    success: {
      status: 200,
      description: 'New tokens of the same session.',
      schema: TokenPairBody,
      example: tokenPairExample,
    },
    rejections: ['too_many_requests'],
    async handler({ principal, body, origin }) {
      assertOneFactor(body)
      const { userId, sessionId } = principal
      const attempt = { userId, sessionId, origin, presented: body as PresentedProof }
      const { started, grants, nowMs } = await stepUp(deps, attempt, async (stores, session, nowMs) => {
        // One line of tokens for a session: an older refresh token gives none of the new level.
        await stores.refreshTokens.revokeUnused(session.id, nowMs)
        const refreshTokenId = deps.random.orderedUuid(nowMs) as RefreshTokenId
        await stores.refreshTokens.add({ jti: refreshTokenId, session, issuedAtMs: nowMs, origin })
        return { started: { session, refreshTokenId }, grants: await stores.userGrants.get(userId), nowMs }
      })
      return issueTokens(deps.issuer, started, grants, nowMs)
    },
  }),
]
