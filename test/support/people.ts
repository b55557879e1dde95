import type { Change } from '@propusk/gate/core'
import type { LedgerEntry } from '../../server/src/changes/index.ts'
import { readingStores, transactions } from '../../server/src/core.ts'
import {
  createPasswordHasher,
  initialFields,
  type NewUser,
  type User,
} from '../../server/src/identity/index.ts'
import {
  type ClientInfo,
  type PermissionName,
  type SessionId,
  type SessionPrincipal,
  systemRandom,
  type UserId,
} from '../../server/src/kernel/index.ts'
import type { Session } from '../../server/src/sessions/index.ts'
import type { Database } from '../../server/src/store/index.ts'

/** The modules on a real database, with people and roles made in one line: for tests of use cases, without HTTP. */
export type People = ReturnType<typeof peopleOn>

export const origin: ClientInfo = { ipAddress: '203.0.113.24', userAgent: 'a test' }

const sessionTtlMs = 86_400_000

export function peopleOn(database: Database) {
  const committed: Change[] = []
  let nowMs = 1_800_000_000_000
  const clock = { nowMs: () => nowMs, monotonicMs: () => performance.now() }
  const options = {
    clock,
    random: systemRandom,
    changeLifeMs: 660_000,
    onCommitted: async (entries: readonly LedgerEntry[]) =>
      void committed.push(...entries.map(({ change }) => change)),
    canMail: true,
    onMail: () => {},
  }
  const stores = readingStores(database, options)
  const transaction = transactions(database, options)
  const hasher = createPasswordHasher({ memoryKib: 8, passes: 1 })
  let counter = 0

  const addUser = async (fields: Partial<NewUser> & { roles?: readonly string[] } = {}): Promise<User> => {
    const { roles = [], ...rest } = fields
    counter += 1
    const added = { email: `person-${counter}@example.com`, passwordHash: '!', ...initialFields, ...rest }
    const user = await transaction(({ users }) => users.add(added, nowMs))
    if (user === 'taken') throw new Error('The test took this address already.')
    await giveRoles(user.id, roles)
    return user
  }

  const giveRoles = (userId: UserId, codeNames: readonly string[]) =>
    transaction(async ({ roles, assignments }) => {
      const found = await roles.findByCodeNames(codeNames)
      await assignments.replaceRoles(
        userId,
        found.map(role => role.id),
        nowMs,
      )
    })

  return {
    stores,
    transaction,
    clock,
    hasher,
    /** Every change of every committed transaction, in order. */
    committed,
    advance: (ms: number) => {
      nowMs += ms
    },
    addUser,

    /** A role under this code name that permits exactly this, of the built-in resources and actions. */
    addRole: (codeName: string, ...permitted: PermissionName[]) =>
      transaction(async ({ roles, permissions }) => {
        const role = await roles.add({ name: codeName, codeName, description: null })
        const { ids } = await permissions.ensure(permitted)
        await permissions.replaceOfRole(role.id, ids)
      }),

    /** Signs in, without a token. */
    startSession: (user: User): Promise<Session> =>
      transaction(async ({ users, sessions }) => {
        await users.lock(user.id)
        return sessions.start({ userId: user.id, origin, nowMs, ttlMs: sessionTtlMs })
      }),

    /** The user as the one who acts in a request. */
    as: (user: User, session?: Session): SessionPrincipal => ({
      userId: user.id,
      sessionId: session?.uuid ?? ('0190a1b2-0000-7000-8000-000000000001' as SessionId),
      roles: [],
      isSuperuser: user.isSuperuser,
      accessUntilMs: nowMs + sessionTtlMs,
    }),

    user: async (id: UserId): Promise<User> => {
      const user = await stores.users.findById(id)
      if (user === undefined) throw new Error(`There is no user ${id}.`)
      return user
    },

    /** Audit events about a target, oldest first. */
    audit: async (target: string) => {
      const page = { limit: 200, ordering: { column: 'id' as const, descending: false } }
      const { rows } = await stores.audit.list({ target }, { ...page, cursor: undefined, search: undefined })
      return rows
    },
  }
}
