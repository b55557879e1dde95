import type { KeptPair, KeyValueStorage, TokenStore } from './stores.ts'
import type { TokenPair } from './types.ts'

/**
 * A key by which the server knows a refresh again that is sent once more (ADR 41). Random: only who made the request has it.
 * Not by `randomUUID`, which a page without TLS lacks.
 */
const newKey = (): string =>
  crypto.getRandomValues(new Uint8Array(16)).reduce((text, byte) => text + hexOf(byte), '')

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0')

/** A pair that was just given, with a key of its own for its refresh. */
export const withKey = ({ access, refresh }: TokenPair): Required<KeptPair> => ({
  ...{ access, refresh },
  idempotencyKey: newKey(),
})

/** The pair with its key, which is in the store before anything is sent with it: one that came otherwise has none yet. */
export async function keyedPair(store: TokenStore, pair: KeptPair): Promise<Required<KeptPair>> {
  const { idempotencyKey } = pair
  if (idempotencyKey !== undefined) return { ...pair, idempotencyKey }
  const keyed = withKey(pair)
  await store.write(keyed)
  return keyed
}

/** The key of a token that scripts cannot read, such as that of the cookie. */
export interface HiddenTokenKey {
  /** The key of the token that is there now: kept until that is exchanged, also by a page that is loaded anew. */
  take(): string
  /** The token is no more that was sent with this key: another tab may have made the next one meanwhile, which stays. */
  drop(sent: string): void
  /** Another session's token is there now. */
  forget(): void
}

/** Kept in the storage that tabs share, if there is one, so that each repeats what another one began. */
export function hiddenTokenKey(storage: KeyValueStorage | undefined, item: string): HiddenTokenKey {
  let own: string | undefined
  /** Then the word of the storage counts, also where another tab has removed the key. */
  let isShared = false
  const read = () => attempt(() => storage?.getItem(item)) ?? (isShared ? undefined : own)
  const forget = () => {
    own = undefined
    attempt(() => storage?.removeItem(item))
  }
  return {
    take() {
      const key = read() ?? newKey()
      own = key
      isShared = attempt(() => share(storage, item, key)) === true
      return key
    },
    drop(sent) {
      if (read() === sent) forget()
    },
    forget,
  }
}

function share(storage: KeyValueStorage | undefined, item: string, key: string): boolean {
  storage?.setItem(item, key)
  return storage !== undefined
}

/** A storage may be full or forbidden. Without it the key is known to this tab alone. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
