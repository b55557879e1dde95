import assert from 'node:assert/strict'
import { mintKey } from '../../server/src/api-keys/api-key.ts'
import type { HttpApp } from '../../server/src/http/index.ts'
import { systemRandom, type UserId } from '../../server/src/kernel/index.ts'
import type { ProofKind } from '../../server/src/proofs/index.ts'
import { createAuthenticator } from './authenticator.ts'
import { makeProof, sentProof } from './proofs.ts'
import { claimsOf, enrolTotp, ticketOf, totpAt } from './totp.ts'
import { type Account, goodPassword, type World } from './world.ts'

export type RegisteredRoute = HttpApp['routes'][number]

export interface SampleRequest {
  readonly method: string
  /** From the root of the host. */
  readonly path: string
  readonly body?: unknown
  /** Beside the token: what a page of the server's own would bring along. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Samples {
  /** A request that this caller's route would grant, on rows made for it. A deprecated spelling may be given. */
  request(registered: RegisteredRoute, caller: Account | undefined, spelling?: string): Promise<SampleRequest>
  /** The same request about a row that does not exist. */
  withoutRow(registered: RegisteredRoute): SampleRequest
}

/** What a browser sends with a call of a page of the server itself, whose cookie holds this refresh token. */
export const browserHeaders = (refresh?: string): Record<string, string> => ({
  'sec-fetch-site': 'same-origin',
  ...(refresh !== undefined && { cookie: `__Host-propusk=${refresh}` }),
})

/** Calls that are refused where there is a superuser, so no sample of them is granted. */
export const onlyWithoutSuperuser: readonly string[] = ['checkSetupLink', 'makeFirstSuperuser']

/** Calls that take one role or one permission. */
const takingOne: readonly string[] = ['takeRole', 'takePermission']

const absentId = 987_654_321

const evaluation = {
  subject: { type: 'user', id: '1' },
  action: { name: 'read' },
  resource: { type: 'users', id: '1' },
}

/** Makes the least that each route of the server accepts, with fresh rows for each request. */
export async function createSamples(world: World): Promise<Samples> {
  // Gone on with in the samples: done anew it would sign out everybody that a test has made.
  const { access } = await world.superuser()
  const everybody = await world.call('POST', '/sessions/end_all/', { token: access, body: {} })
  assert.equal(everybody.status, 200, everybody.text)
  const builder = await world.superuser()
  let counter = 0
  const fresh = () => `sample-${++counter}`

  const make = async (path: string, body: unknown): Promise<number> => {
    const answer = await world.call('POST', path, { token: builder.access, body })
    assert.equal(answer.status, 201, `${path} ${answer.text}`)
    return answer.body.id
  }
  const named = () => ({ name: fresh(), code_name: fresh() })
  for (const codeName of ['projects', 'documents']) {
    await make('/resources/', { name: codeName, code_name: codeName })
  }
  for (const codeName of ['approve', 'export'])
    await make('/actions/', { name: codeName, code_name: codeName })

  const permission = async () => {
    const resource = named()
    await make('/resources/', resource)
    return { resource: resource.code_name, action: 'read' }
  }
  const sessionOf = async (account: Account): Promise<number> => {
    const list = await world.call('GET', '/me/sessions/', { token: account.access })
    return list.body.at(-1).id
  }

  /** A key of the caller: no other may rotate it. */
  const keyOf = (owner: Account) =>
    world.core.transaction(({ apiKeys }) =>
      apiKeys.add(
        {
          name: fresh(),
          ownerId: owner.id as UserId,
          minted: mintKey(systemRandom),
          roleIds: [],
          permissionIds: [],
          expiresAtMs: null,
        },
        world.core.clock.nowMs(),
      ),
    )

  /** The token of a mail to an account. */
  const proofOf = async (kind: ProofKind): Promise<string> => {
    const { id, email } = await world.register()
    return makeProof(world, { kind, userId: id as UserId, email })
  }

  /** A factor of the account that is on, and a session that has shown it. */
  const turnOn = (userId: UserId) =>
    world.core.transaction(async ({ factors }) => {
      const nowMs = world.core.clock.nowMs()
      const id = await factors.addTotp({ userId, name: fresh(), encryptedSecret: 'x' }, nowMs)
      await factors.confirmTotp(userId, { id, step: 1 }, nowMs)
    })

  const deviceOf = (owner: Account) => {
    const nowMs = world.core.clock.nowMs()
    const origin = { ipAddress: '127.0.0.1', userAgent: 'test' }
    const expiresAtMs = nowMs + 60_000
    const device = { userId: owner.id as UserId, secretHash: 'x', basis: 'x' as never, expiresAtMs, origin }
    return world.core.transaction(({ rememberedDevices }) => rememberedDevices.add(device, nowMs))
  }

  const factorOf = async (owner: Account): Promise<number> => {
    const userId = owner.id as UserId
    const { clock, transaction } = world.core
    const id = await transaction(async ({ factors, sessions }) => {
      const added = await factors.addTotp({ userId, name: fresh(), encryptedSecret: 'x' }, clock.nowMs())
      await factors.confirmTotp(userId, { id: added, step: 1 }, clock.nowMs())
      const shown = { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] } as const
      await sessions.authenticateAgain(claimsOf(owner.access).sid, shown, clock.nowMs())
      return added
    })
    const answer = await world.call('POST', '/token/refresh/', { body: { refresh: owner.refresh } })
    assert.equal(answer.status, 200, answer.text)
    Object.assign(owner, answer.body)
    return id
  }

  /** An enrolment of the caller that waits for its first code, with that code. */
  const confirmation = async (caller: Account | undefined) => {
    if (caller === undefined) return { id: absentId, code: '000000' }
    const token = caller.access
    const { body } = await world.call('POST', '/me/factors/totp/', { token, body: {} })
    return { id: body.id, code: totpAt(body.secret, world.core.clock.nowMs()) }
  }

  /** The second step of a sign-in, with the code of the next half minute. */
  const secondStep = async () => {
    const account = await world.register()
    const { secret } = await enrolTotp(world, account)
    const { ticket } = await ticketOf(world, account)
    return { ticket, totp: totpAt(secret, world.core.clock.nowMs() + 30_000) }
  }

  /** A passkey that the caller's browser has just made. */
  const madePasskey = async (
    caller: Account | undefined,
    authenticator = createAuthenticator(world.core.config.publicUrl),
  ) => {
    const options =
      caller && (await world.call('POST', '/me/factors/passkey/options/', { token: caller.access })).body
    return authenticator.create(options ?? { challenge: 'none', user: { id: 'none' } })
  }

  /** What the passkey of an account signed for a sign-in. */
  const signedPasskey = async () => {
    const account = await world.register()
    const authenticator = createAuthenticator(world.core.config.publicUrl)
    const body = { passkey: await madePasskey(account, authenticator) }
    const made = await world.call('POST', '/me/factors/passkey/', { token: account.access, body })
    assert.equal(made.status, 201, made.text)
    const options = await world.call('POST', '/login/passkey/options/', { body: {} })
    return { passkey: authenticator.get(options.body) }
  }

  /** The counter of an account that nobody has, guessed at once. */
  const attemptedAt = async (): Promise<number> => {
    const address = `${fresh()}@example.com`
    await world.call('POST', '/login/', { body: { email: address, password: 'a wrong guess' } })
    const path = `/throttle/?kind=account&search=${address}`
    return (await world.call('GET', path, { token: builder.access })).body.results[0].id
  }

  /** A mail that no server took. */
  const failedMail = (): Promise<number> => {
    const { transaction, clock } = world.core
    const mail = { kind: 'address_taken', locale: null, userId: null, proofId: null, details: {} } as const
    return transaction(async ({ outbox }) => {
      const nowMs = clock.nowMs()
      const id = await outbox.add({ ...mail, toEmail: `${fresh()}@example.com` }, nowMs)
      const attempt = await outbox.claim({ id, attempts: 0 }, { nowMs, untilMs: nowMs + 1 })
      await outbox.failed(attempt!, nowMs, '550')
      return id
    })
  }

  /** The id that stands in the path, by what stands before it. */
  const rows: Readonly<Record<string, (caller: Account | undefined) => Promise<number>>> = {
    '/token/revoke_all/': async () => (await world.register()).id,
    '/me/get_sessions/': async () => (await world.register()).id,
    '/me/sessions/': async caller => sessionOf(await world.login(caller ?? (await world.register()))),
    '/me/factors/': async caller => factorOf(caller ?? (await world.register())),
    // One of two of its account: what is done to the others of it has one to be done to.
    '/me/remembered_devices/': async caller => deviceOf(caller ?? (await world.register())),
    '/sessions/': async () => {
      const account = await world.register()
      await world.login(account)
      return sessionOf(account)
    },
    '/users/': async () => (await world.register()).id,
    '/invitations/': async () => (await invited()).id,
    '/roles/': () => make('/roles/', named()),
    '/resources/': () => make('/resources/', named()),
    '/actions/': () => make('/actions/', named()),
    '/permissions/': async () => make('/permissions/', await permission()),
    '/api_keys/': async caller => keyOf(caller ?? (await world.register())),
    '/forward_rules/': () => make('/forward_rules/', forwardRule()),
    '/throttle/': attemptedAt,
    '/mail/': failedMail,
    '/audit/': async () =>
      (await world.call('GET', '/audit/?limit=1', { token: builder.access })).body.results[0].id,
    '/projects/': () => make('/api/demo/projects/', { name: fresh() }),
    '/documents/': () => make('/api/demo/documents/', { title: fresh() }),
  }

  /** An invitation that waits, with the token of its link. */
  const invited = async () => {
    const address = `${fresh()}@example.com`
    const id = await make('/invitations/', { email: address })
    return { id, token: (await sentProof(world, 'invitation', address)).token }
  }

  const forwardRule = () => ({ host: `${fresh()}.example.org`, path: '/*', access: 'signed_in' })

  const passwords = { password: goodPassword, password2: goodPassword }
  const email = () => `${fresh()}@example.com`

  /** The body of each operation that needs more than `{}`. */
  const bodies: Readonly<Record<string, (caller: Account | undefined) => unknown>> = {
    checkUsers: () => ({ users: [{ email: email() }] }),
    register: () => ({ email: email(), ...passwords }),
    login: async () => ({ email: (await world.register()).email, password: goodPassword }),
    registerInBrowser: () => ({ email: email(), ...passwords }),
    logInByPasskey: signedPasskey,
    logInByPasskeyInBrowser: signedPasskey,
    enrolPasskey: async caller => ({ passkey: await madePasskey(caller) }),
    logInByFactor: secondStep,
    logInByFactorInBrowser: secondStep,
    stepUp: () => ({ password: goodPassword }),
    stepUpInBrowser: () => ({ password: goodPassword }),
    enrolTotp: () => ({ name: fresh() }),
    confirmTotp: confirmation,
    renameOwnFactor: () => ({ name: fresh() }),
    logInInBrowser: async () => ({ email: (await world.register()).email, password: goodPassword }),
    // There are superusers here, so no link works.
    checkSetupLink: () => ({ token: 'a link that was never printed' }),
    makeFirstSuperuser: () => ({ token: 'a link that was never printed', email: email(), ...passwords }),
    refreshTokens: async () => ({ refresh: (await world.register()).refresh }),
    evaluateAccess: () => evaluation,
    evaluateAccesses: () => evaluation,
    searchSubjects: () => evaluation,
    searchActions: () => evaluation,
    introspectToken: async () => ({ token: (await world.register()).access }),
    revokeOAuthToken: async () => ({ token: (await world.register()).access }),
    revokeToken: async () => ({ refresh: (await world.register()).refresh }),
    changePassword: () => ({
      current_password: goodPassword,
      password: 'a newer staple, a newer battery',
      password2: 'a newer staple, a newer battery',
    }),
    requestPasswordReset: async () => ({ email: (await world.register()).email }),
    requestLoginCode: async () => ({ email: (await world.register()).email }),
    logInByCode: async () => ({ token: await proofOf('login_code') }),
    logInByCodeInBrowser: async () => ({ token: await proofOf('login_code') }),
    verifyEmail: async () => ({ token: await proofOf('email_verify') }),
    requestEmailChange: () => ({ email: email() }),
    confirmEmailChange: async caller => {
      if (caller === undefined) return { token: 'none' }
      const change = { kind: 'email_change', userId: caller.id as UserId, email: email() } as const
      return { token: await makeProof(world, { ...change, details: { from: caller.email } }) }
    },
    undoEmailChange: async () => {
      const { id: userId } = await world.register()
      return {
        token: await makeProof(world, { kind: 'email_undo', userId: userId as UserId, email: email() }),
      }
    },
    resetPasskeyOptions: async () => ({ token: await proofOf('password_reset') }),
    resetPassword: async () => ({ token: await proofOf('password_reset'), ...passwords }),
    invite: () => ({ email: email() }),
    readOwnInvitation: async () => ({ token: (await invited()).token }),
    acceptInvitation: async () => ({ token: (await invited()).token, ...passwords }),
    reportNotMe: async () => ({ token: await proofOf('not_me') }),
    endSession: () => ({ is_active: false }),
    endAllSessions: () => ({ id: everybody.body.id }),
    // Where the next key is published already another one is refused; this lets it sign.
    rotateSigningKeys: () => ({ now: true }),
    changeProfile: () => ({ middle_name: null }),
    changeUser: () => ({ middle_name: null }),
    changeRole: () => ({ description: null }),
    changeResource: () => ({ description: null }),
    changeAction: () => ({ description: null }),
    changePermission: permission,
    createUser: () => ({ email: email(), password: goodPassword }),
    replaceUser: () => ({ email: email(), roles: [] }),
    createRole: named,
    replaceRole: () => ({ ...named(), permissions: [] }),
    createForwardRule: forwardRule,
    enterForward: async () => {
      const rule = forwardRule()
      await make('/forward_rules/', rule)
      return { to: `https://${rule.host}/` }
    },
    changeForwardRule: () => ({ access: 'public' }),
    createApiKey: () => ({ name: fresh() }),
    changeApiKey: () => ({ expires_at: null }),
    createResource: named,
    replaceResource: named,
    createAction: named,
    replaceAction: named,
    createPermission: permission,
    replacePermission: permission,
    // About somebody else, as what is asked about oneself needs no permission.
    checkAccess: async () => ({
      checks: [{ resource: 'users', action: 'read' }],
      user_id: (await world.register()).id,
    }),
    previewAccess: async () => ({
      changes: [{ kind: 'deactivate_user', user_id: (await world.register()).id }],
    }),
    createProject: () => ({ name: fresh() }),
    updateProject: () => ({ name: fresh() }),
    replaceProject: () => ({ name: fresh() }),
    createDocument: () => ({ title: fresh() }),
    updateDocument: () => ({ title: fresh() }),
    replaceDocument: () => ({ title: fresh() }),
  }

  /** What stands in a path beside an id. */
  const names: Readonly<Record<string, () => Promise<string>>> = {
    ':code_name': async () => {
      const role = named()
      await make('/roles/', role)
      return role.code_name
    },
    // One that the caller holds, since nobody hands out another.
    ':name': async () => 'roles:update',
  }

  const withName = async (path: string): Promise<string> => {
    const placeholder = /:\w+/.exec(path)?.[0]
    return placeholder === undefined ? path : path.replace(placeholder, await names[placeholder]!())
  }

  const queries: Readonly<Record<string, () => Promise<string>>> = {
    explainAccess: async () => `?user_id=${(await world.register()).id}&resource=users&action=read`,
    effectiveAccess: async () => `?user_id=${(await world.register()).id}`,
    findForwardAnswer: async () => '?host=app.example.org&path=/',
    // From an address that no setting trusts.
    forwardAuth: async () => '?proxy=nginx',
    resetFactorsOfUser: async () => '?reason=lost%20phone',
    whoCan: async () => '?resource=users&action=read',
  }

  const ownPage = async () => browserHeaders((await world.register()).refresh)

  return {
    async request({ basePath, route }, caller, spelling = route.path) {
      // A sample before this one may have turned a factor on.
      if (caller !== undefined) {
        await world.core.transaction(({ factors }) => factors.deleteAll(caller.id as UserId))
      }
      if (caller !== undefined && route.operationId === 'replaceRecoveryCodes') await factorOf(caller)
      const before = /^(.*?\/):/.exec(route.path)?.[1]
      const id = before === undefined ? undefined : await rows[before]!(caller)
      if (route.operationId === 'resetFactorsOfUser') await turnOn(id as UserId)
      const query = (await queries[route.operationId]?.()) ?? ''
      const path = basePath + (await withName(spelling.replace(/:\w+/, String(id)))) + query
      // Only what is held can be taken.
      if (takingOne.includes(route.operationId)) {
        const given = await world.call('PUT', path, { token: builder.access })
        assert.equal(given.status, 204, given.text)
      }
      const body = route.body && ((await bodies[route.operationId]?.(caller)) ?? {})
      if (route.standard?.body === 'form' && body !== undefined) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        return { method: route.method, path, headers, body: String(new URLSearchParams(body as never)) }
      }
      return {
        method: route.method,
        path,
        ...(route.access === 'browser' && { headers: await ownPage() }),
        ...(body !== undefined && { body }),
      }
    },
    withoutRow: ({ basePath, route }) => ({
      method: route.method,
      path: basePath + route.path.replace(/:\w+/, String(absentId)).replace(/:\w+/, 'users:read'),
    }),
  }
}
