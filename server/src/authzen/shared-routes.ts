import type { Standard } from '../http/index.ts'

export const tag = 'AuthZEN'

/** As for questions about others under `/api/auth/access/`. */
export const access = { resource_name: 'users', action: 'read' } as const

export const standard: Standard = { body: 'json', echoesRequestId: true }

/** What a question takes of the account's rate limit: as the same questions under `/api/auth/access/`. */
export const costOf = { decision: 20, actions: 50, subjects: 100 } as const
