import type { Role, User } from '@propusk/client'
import { useRef, useState } from 'react'
import { changeRoles, useRefresh } from '../../access/index.ts'
import { nameOf, notifyDone } from '../../ui/index.ts'
import { nothingYet, type Refused, runBulk } from '../users/bulk/run-bulk.ts'
import { useHolderText } from './holder-messages.ts'

export type HolderChange = 'give' | 'take'

/** Gives a role to people one by one, or takes it, with a way to stop; then says for how many, and offers to take that back. */
export function useChangeHolders(role: Role, kind: HolderChange) {
  const text = useHolderText()
  const refresh = useRefresh()
  const [finished, setFinished] = useState<number>()
  const [refused, setRefused] = useState<readonly Refused<User>[]>([])
  const stop = useRef<AbortController>(undefined)

  const change = async (people: readonly User[], what: HolderChange, onStep: (finished: number) => void) => {
    stop.current = new AbortController()
    const done: User[] = []
    let progress: { readonly refused: readonly Refused<User>[] } = nothingYet
    const once = async (person: User) => {
      await changeRoles(person.id, { [what]: role.code_name })
      done.push(person)
      return 'done' as const
    }
    for await (const next of runBulk(once, people, stop.current.signal)) {
      progress = next
      onStep(next.finished)
    }
    await refresh('users', 'access')
    return { done, refused: progress.refused }
  }

  return {
    isBusy: finished !== undefined,
    finished: finished ?? 0,
    refused,
    stop: () => stop.current?.abort(),
    /** Gives back those for whom it is not done: they were refused, or it was stopped before. */
    async start(people: readonly User[]): Promise<readonly User[]> {
      setFinished(0)
      const outcome = await change(people, kind, setFinished)
      setFinished(undefined)
      setRefused(outcome.refused)
      const { done } = outcome
      if (done.length > 0) {
        const names = { role: role.name, person: done.map(nameOf).join(', '), count: done.length }
        notifyDone(text(done.length === 1 ? `${kind}Done` : `${kind}DoneMany`, names), {
          undo: async () => {
            const { refused } = await change(done, kind === 'give' ? 'take' : 'give', () => undefined)
            if (refused[0] !== undefined) throw refused[0].error
          },
        })
      }
      return people.filter(person => !done.includes(person))
    },
  }
}
