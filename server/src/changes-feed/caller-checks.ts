import { type EpochMs, isKeyPrincipal, type Principal } from '../kernel/index.ts'
import type { FeedStream } from './feed-stream.ts'

/** So many callers are checked again at a time. */
const mostCallers = 50

interface Checked {
  readonly principal: Principal
  readonly sinceMs: EpochMs
  readonly stream: FeedStream
}

/** A caller who may no longer read the changes gets no further ones: some callers at a time, all of them in turn. */
export class CallerChecks {
  readonly #isStillPermitted: (principal: Principal, sinceMs: EpochMs) => Promise<boolean>
  #checked = 0

  constructor(isStillPermitted: (principal: Principal, sinceMs: EpochMs) => Promise<boolean>) {
    this.#isStillPermitted = isStillPermitted
  }

  async checkSome(followers: readonly Checked[]): Promise<void> {
    const verdicts = new Map<string, Promise<boolean>>()
    for (let seen = 0; seen < followers.length && verdicts.size < mostCallers; seen += 1) {
      const { principal, sinceMs, stream } = followers[this.#checked++ % followers.length]!
      const caller = isKeyPrincipal(principal) ? `key ${principal.apiKeyId}` : principal.sessionId
      const verdict = verdicts.get(caller) ?? this.#isStillPermitted(principal, sinceMs)
      verdicts.set(caller, verdict)
      void verdict.then(
        isPermitted => isPermitted || stream.finish(),
        () => {},
      )
    }
    await Promise.all(verdicts.values())
  }
}
