import { type Route, route, Type } from '../http/index.ts'
import { assertMailOn, TokenField, tokenExample } from '../proofs/index.ts'
import { type NotMeDeps, reportNotMe } from './not-me.ts'
import { recoveryTag as tag } from './reset-routes.ts'

export const notMeRoutes = (deps: NotMeDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/security/not_me/',
    access: 'public',
    operationId: 'reportNotMe',
    tag,
    summary: 'Report “this was not me” from a security notice',
    description:
      'Ends every session of the account, and its API keys that were created or rotated since the notice. The current password stops working, every other link and code of the account is invalidated, and an email for `/password/reset/` is sent. A second factor of the account stays on, and the reset requires it. The link of a notice works for seven days, once, while the account still has the address that got it; one that is wrong, used or expired is a 400 in `errors.token`.',
    body: Type.Object({ token: TokenField }, { $id: 'NotMe', additionalProperties: false }),
    bodyExample: { token: tokenExample },
    success: { status: 204, description: 'Nobody is signed in, and the account waits for a new password.' },
    rejections: ['mail_not_configured'],
    assertOpen: () => assertMailOn(deps),
    async handler({ body: { token }, origin, locale }) {
      await reportNotMe(deps, { token, origin, locale })
    },
  }),
]
