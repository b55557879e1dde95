import type { AuditAction } from '../audit/index.ts'

/** What a chart shows of the audit, and the act that each number counts. */
export const chartedActs = {
  signIns: 'user.login',
  failedSignIns: 'user.login_failed',
  refusals: 'access.denied',
  registrations: 'user.register',
  tokenReuse: 'token.reuse',
} as const satisfies Record<string, AuditAction>

export type Charted = keyof typeof chartedActs
