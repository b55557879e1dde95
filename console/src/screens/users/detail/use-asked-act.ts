import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { notifyProblem } from '../../../ui/index.ts'

interface AskedAct {
  /** Why it cannot be done; undefined where it can. */
  readonly reason: string | undefined
  begin(): unknown
}

/** Begins what the address asks for, once, and takes it out of the address: each act still asks before it is done. */
export function useAskedAct(name: string, { reason, begin }: AskedAct): void {
  const { act } = useSearch({ from: '/console/users/$id' })
  const navigate = useNavigate()
  const run = useEffectEvent(() => {
    void navigate({ to: '.', search: ({ act: _, ...old }) => old, replace: true, ignoreBlocker: true })
    if (reason === undefined) begin()
    else notifyProblem(new Error(reason), reason)
  })
  useEffect(() => {
    if (act === name) run()
  }, [act, name])
}
