import { randomBytes, randomUUID } from 'node:crypto'
import type { EpochMs } from './time.ts'

/** The only source of chance, cryptographically strong. */
export interface Random {
  bytes(length: number): Uint8Array
  /** RFC 9562 section 5.4: 122 random bits. */
  uuid(): string
  /** RFC 9562 section 5.7: ordered by time, 74 random bits. For ids that are looked up in an index. */
  orderedUuid(nowMs: EpochMs): string
}

export const systemRandom: Random = {
  bytes: randomBytes,
  uuid: () => randomUUID(),
  orderedUuid(nowMs) {
    const bytes = randomBytes(16)
    bytes.writeUIntBE(nowMs, 0, 6)
    bytes[6] = 0x70 | (bytes[6]! & 0x0f)
    bytes[8] = 0x80 | (bytes[8]! & 0x3f)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  },
}
