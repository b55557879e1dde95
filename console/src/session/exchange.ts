import { hiddenTokenKey, ProblemError } from '@propusk/client'
import { basePath } from './base-path.ts'

/** What the tabs share. Read anew each time: the getter itself throws where storage is forbidden. */
const shared = {
  getItem: (item: string) => window.localStorage.getItem(item),
  setItem: (item: string, value: string) => window.localStorage.setItem(item, value),
  removeItem: (item: string) => window.localStorage.removeItem(item),
}
const cookieKey = hiddenTokenKey(shared, `propusk.idempotency-key${basePath}`)

/**
 * Sends what exchanges the token of the cookie. Until it is answered, each attempt carries the same key, in other tabs and in a page
 * that is loaded anew as well: a lost answer ends no session (ADR 41).
 */
export async function exchange<Answer>(send: (idempotencyKey: string) => Promise<Answer>): Promise<Answer> {
  const idempotencyKey = cookieKey.take()
  try {
    const answer = await send(idempotencyKey)
    cookieKey.drop(idempotencyKey)
    return answer
  } catch (error) {
    if (isAnswered(error)) cookieKey.drop(idempotencyKey)
    throw error
  }
}

/** The cookie holds the token of another session, or none. */
export const forgetExchange = (): void => cookieKey.forget()

const isAnswered = (error: unknown): boolean => error instanceof ProblemError && error.status < 500
