import type { EpochMs } from '../kernel/index.ts'
import type { SigningKey } from './signing-key.ts'

export type KeyFields = Pick<
  SigningKey,
  'sequence' | 'state' | 'signsAtMs' | 'retiredAtMs' | 'publishedUntilMs'
>

export interface KeyStore {
  /** Every key, published or not, in their order. */
  list(): Promise<readonly SigningKey[]>
  /** The same, locked until the transaction ends: of two nodes that want to rotate, the second sees what the first made. */
  lockAll(): Promise<readonly SigningKey[]>
  add(key: SigningKey): Promise<void>
  update(kid: string, fields: Partial<KeyFields>): Promise<void>
  /** Keeps a retired key published until then; does nothing where it stays longer already. */
  prolong(kid: string, publishedUntilMs: EpochMs): Promise<void>
  /**
   * When the last of the live sessions ends: nothing that any key has signed lives longer. Given instants, of those
   * that began between them.
   */
  lastSessionEnd(begun?: { readonly fromMs: EpochMs; readonly toMs: EpochMs }): Promise<EpochMs | undefined>
  /** Removes keys that left the key set at or before this instant. */
  deletePublishedUntil(atMs: EpochMs): Promise<number>
}
