import { ProblemError } from '@propusk/client'

/** What happened to one of them; `unchanged` when it was so already. */
export type Outcome = 'done' | 'unchanged'

export interface Refused<Item> {
  readonly item: Item
  readonly error: unknown
}

export interface BulkProgress<Item> {
  readonly done: number
  readonly unchanged: number
  readonly refused: readonly Refused<Item>[]
  /** How many have had their turn. */
  readonly finished: number
}

export const nothingYet: BulkProgress<never> = { done: 0, unchanged: 0, refused: [], finished: 0 }

/**
 * Does it to one after the other, so that each is judged by itself. A stop waits for the one under way: what was done is
 * known to be done. Gives what has happened so far after each of them.
 */
export async function* runBulk<Item>(
  act: (item: Item) => Promise<Outcome>,
  items: readonly Item[],
  signal: AbortSignal,
): AsyncGenerator<BulkProgress<Item>> {
  let progress: BulkProgress<Item> = nothingYet
  for (const item of items) {
    if (signal.aborted) return
    const outcome = await outcomeOf(act, item, signal)
    if (outcome === 'stopped') return
    progress = {
      done: progress.done + (outcome === 'done' ? 1 : 0),
      unchanged: progress.unchanged + (outcome === 'unchanged' ? 1 : 0),
      refused: typeof outcome === 'object' ? [...progress.refused, outcome] : progress.refused,
      finished: progress.finished + 1,
    }
    yield progress
  }
}

async function outcomeOf<Item>(
  act: (item: Item) => Promise<Outcome>,
  item: Item,
  signal: AbortSignal,
): Promise<Outcome | Refused<Item> | 'stopped'> {
  for (;;) {
    try {
      return await act(item)
    } catch (error) {
      // Asked to slow down: nothing was done, and it will be later.
      if (!(error instanceof ProblemError) || error.code !== 'too_many_requests') return { item, error }
      await rest((error.retryAfterSeconds ?? 1) * 1000, signal)
      if (signal.aborted) return 'stopped'
    }
  }
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
