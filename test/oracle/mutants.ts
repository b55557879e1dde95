import type { Core } from '../../server/src/core.ts'
import { isKeyPrincipal } from '../../server/src/kernel/index.ts'
import { raisedTokens } from '../property/mutants.ts'
import type { Mutant } from '../property/site.ts'

type Rights = Core['stores']['rights']

/** Rank goes by what the account holds at the highest level, whichever session asks. */
const rankOfTheAccount: Mutant = {
  core(core) {
    const ofAccount = (rights: Rights): Rights => ({
      ...rights,
      ofCaller: principal =>
        isKeyPrincipal(principal) ? rights.ofCaller(principal) : rights.of(principal.userId),
    })
    return {
      ...core,
      transaction: work => core.transaction(stores => work({ ...stores, rights: ofAccount(stores.rights) })),
    }
  },
}

interface Trial {
  readonly mutant: Mutant
  /** The first of the campaigns that are run until it is found. */
  readonly firstSeed: number
  /** What it is seen by. */
  readonly finds: RegExp
}

export const mutants: Readonly<Record<string, Trial>> = {
  'rank that takes no notice of the session': {
    mutant: rankOfTheAccount,
    firstSeed: 8_000,
    finds: /in aal1: [\s\S]*20[0-4] !== 'level'/,
  },
  'tokens of a remembered device that say two factors': {
    mutant: raisedTokens,
    firstSeed: 8_000,
    finds: /!== 'level'|at aal1/,
  },
}
