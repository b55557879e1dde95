import { demand } from '../nodes/ask.ts'
import { register, type SignedIn } from '../nodes/site.ts'
import { type FollowerProcess, machineMs } from './follower-process.ts'

/** Of one deactivation, in ms. */
export interface Deactivation {
  /** From the call until the last follower refused. */
  readonly fromCallMs: number
  /** From the answer; below 0 where all refused before it was read. */
  readonly fromAnswerMs: number
}

/**
 * Deactivates people one after the other, each of whom every follower let in just before, and waits until every follower
 * refuses.
 */
export async function deactivate(
  url: string,
  admin: SignedIn,
  followers: readonly FollowerProcess[],
  count: number,
): Promise<Deactivation[]> {
  const measured: Deactivation[] = []
  for (let at = 0; at < count; at += 1) {
    const { id, access } = await registerReader(url, admin)
    await Promise.all(followers.map(follower => follower.until(access, 200)))
    const refusals = Promise.all(followers.map(follower => follower.until(access, 401)))
    const calledAtMs = machineMs()
    await demand(
      url,
      { method: 'PATCH', path: `/users/${id}/`, token: admin.access, body: { is_active: false } },
      200,
    )
    const answeredAtMs = machineMs()
    const lastMs = Math.max(...(await refusals).map(({ atMs }) => atMs))
    measured.push({ fromCallMs: lastMs - calledAtMs, fromAnswerMs: lastMs - answeredAtMs })
  }
  return measured
}

/** A person who may read roles. What the token says is newer on every follower by the ledger: it need not be made anew. */
export async function registerReader(url: string, admin: SignedIn): Promise<SignedIn> {
  const reader = await register(url)
  const body = { roles: [await readerRole(url, admin)] }
  await demand(url, { method: 'PATCH', path: `/users/${reader.id}/`, token: admin.access, body }, 200)
  return reader
}

const made = new Map<string, Promise<string>>()

function readerRole(url: string, admin: SignedIn): Promise<string> {
  const body = { name: 'reader', code_name: 'reader', permissions: ['roles:read'] }
  const question = { method: 'POST', path: '/roles/', token: admin.access, body }
  const role = made.get(url) ?? demand(url, question, 201).then(() => body.code_name)
  made.set(url, role)
  return role
}

/** An API key for followers. */
export async function makeKey(url: string, { access }: SignedIn): Promise<string> {
  const body = { name: 'followers', permissions: ['changes:read'] }
  return (await demand(url, { method: 'POST', path: '/api_keys/', token: access, body }, 201)).body.key
}
