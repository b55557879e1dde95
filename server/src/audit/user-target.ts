import type { UserId } from '../kernel/index.ts'

/** How the audit names an account: what one asks `GET /audit/?target=` with. */
export const userTarget = (id: UserId): string => `users/${id}`
