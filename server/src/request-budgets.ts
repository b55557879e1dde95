import {
  type Budget,
  createBudget,
  createBudgetOf,
  createDeniedEvents,
  type DeniedEvents,
} from './budgets/index.ts'
import type { Core } from './core.ts'
import type { UserId } from './kernel/index.ts'

/** What each caller may ask of this node, as the settings say. */
export interface RequestBudgets {
  readonly refresh: Budget
  readonly badRefresh: Budget
  readonly accessChecks: Budget
  /** By network address: setup links that do not work. */
  readonly badSetupTokens: Budget
  readonly deniedEvents: DeniedEvents
  /** Tells what is still to be told of rejections that were only counted. */
  stop(): void
}

/** Sessions, accounts or networks that one budget remembers: a few megabytes at most. */
const maxKeys = 50_000

/** Not a setting: no number of tries guesses 256 random bits. It tells a client that runs wild to wait. */
const badSetupTokens = { count: 60, perMs: 3_600_000 }

const tellEveryMs = 60_000

export function createRequestBudgets(
  { config, clock }: Pick<Core, 'config' | 'clock'>,
  reportDenied: (userId: UserId, unrecorded: number) => void,
): RequestBudgets {
  const options = { maxKeys, clock }
  const deniedEvents = createDeniedEvents({
    budget: createBudgetOf(config.limitDeniedEvents, options),
    clock,
    report: reportDenied,
  })
  const telling = setInterval(() => deniedEvents.tellRest('due'), tellEveryMs).unref()
  return {
    refresh: createBudgetOf(config.limitRefresh, options),
    badRefresh: createBudgetOf(config.limitBadRefresh, options),
    accessChecks: createBudgetOf(config.limitAccessChecks, options),
    badSetupTokens: createBudget({ ...badSetupTokens, ...options }),
    deniedEvents,
    stop() {
      clearInterval(telling)
      deniedEvents.tellRest('all')
    },
  }
}
