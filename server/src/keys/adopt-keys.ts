import type { ChangeLog } from '../changes/index.ts'
import type { EpochMs } from '../kernel/index.ts'
import type { KeyFields, KeyStore } from './key-store.ts'
import { publishedUntilMs, retiredMarginMs } from './publication.ts'
import { inOrder, type SigningKey } from './signing-key.ts'

interface Adopting {
  readonly nowMs: EpochMs
  readonly lifeSeconds: number
}

/** Whether release 0.1.0 has made a key, or retired one, and no node of a later release has taken note of it. */
export const needsAdoption = (keys: readonly SigningKey[]): boolean =>
  keys.some(key => key.sequence === null || key.state === null || hasOldRetirement(key))

/** Release 0.1.0 knows `retired_at` and no state. */
const hasOldRetirement = ({ state, retiredAtMs }: SigningKey): boolean =>
  retiredAtMs !== null && state !== 'retired'

/**
 * Gives sequence, state and end to keys as release 0.1.0 writes them, which may go on doing so beside this one. Call it
 * with all keys, locked; gives them as they are then. Of several that are not retired the last one signs.
 */
export async function adoptKeys(
  { keys: store, changes }: { readonly keys: KeyStore; readonly changes: ChangeLog },
  keys: readonly SigningKey[],
  adopting: Adopting,
): Promise<readonly SigningKey[]> {
  if (!needsAdoption(keys)) return keys
  const signer = inOrder(keys).findLast(key => key.retiredAtMs === null && key.state !== 'next')
  let sequence = Math.max(0, ...keys.map(key => key.sequence ?? 0))
  const adopted: SigningKey[] = []
  for (const key of inOrder(keys)) {
    const fields = {
      sequence: key.sequence ?? ++sequence,
      ...(await stateOf(store, key, signer, adopting)),
    }
    await store.update(key.kid, fields)
    adopted.push({ ...key, ...fields })
    if (fields.state === 'retired' && key.state !== 'retired') {
      await changes.append(
        { kind: 'key_retired', kid: key.kid, untilMs: fields.publishedUntilMs! },
        adopting.nowMs,
      )
    }
  }
  return inOrder(adopted)
}

async function stateOf(
  store: KeyStore,
  key: SigningKey,
  signer: SigningKey | undefined,
  { nowMs, lifeSeconds }: Adopting,
): Promise<Partial<KeyFields>> {
  if (key.state === 'retired') return {}
  if (key === signer) return { state: 'signing', signsAtMs: null }
  if (key.state === 'next' && key.retiredAtMs === null) return {}
  const retiredAtMs = key.retiredAtMs ?? nowMs
  // A key that has signed here until now, though the other release had retired it, is retired now.
  const signedUntilMs = key.state === 'signing' ? Math.max(nowMs, retiredAtMs) : retiredAtMs
  const lastEndMs = await store.lastSessionEnd({ fromMs: 0, toMs: signedUntilMs + retiredMarginMs })
  return {
    state: 'retired',
    signsAtMs: null,
    retiredAtMs,
    publishedUntilMs: publishedUntilMs(signedUntilMs, lifeSeconds, lastEndMs),
  }
}
