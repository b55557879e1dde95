import type { KeySetKey } from './web-signatures.ts'

const answerWithinMs = 5_000

/** The key set of the issuer (RFC 7517), asked for again when a key is named that it lacked. */
export class IssuerKeys {
  readonly #url: string
  readonly #ending: AbortSignal
  #keys = new Map<string, KeySetKey>()

  constructor(issuer: string, ending: AbortSignal) {
    this.#url = `${issuer}/.well-known/jwks.json`
    this.#ending = ending
  }

  async find(kid: string): Promise<KeySetKey | undefined> {
    if (!this.#keys.has(kid)) await this.#read()
    return this.#keys.get(kid)
  }

  /** Those that it read last. */
  all(): readonly KeySetKey[] {
    return [...this.#keys.values()]
  }

  async #read(): Promise<void> {
    const answer = await fetch(this.#url, {
      signal: AbortSignal.any([this.#ending, AbortSignal.timeout(answerWithinMs)]),
      redirect: 'manual',
    })
    if (answer.status !== 200) throw new Error(`${this.#url} answered ${answer.status}`)
    const { keys } = (await answer.json()) as { readonly keys: readonly KeySetKey[] }
    this.#keys = new Map(keys.map(key => [key.kid, key]))
  }
}
