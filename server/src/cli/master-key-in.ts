import type { Core } from '../core.ts'
import { systemRandom } from '../kernel/index.ts'
import { keyFileOf } from '../key-keeping.ts'
import { readMasterKey } from '../keys/index.ts'

/** The master key as it is set or kept; never makes one. Throws with one line that says what to do. */
export const masterKeyIn = ({ config: { masterKey, databaseUrl } }: Core): Uint8Array =>
  readMasterKey({ masterKey, keyFile: keyFileOf(databaseUrl), isFirst: false }, systemRandom)
