import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api } from '../../../session/index.ts'
import { notifyProblem } from '../../../ui/index.ts'
import { type BulkProgress, nothingYet, runBulk } from '../bulk/run-bulk.ts'
import { generatePassword } from '../create/generate-password.ts'
import { checkPeople, type Fault, toProposed } from './check-people.ts'
import { type ImportRow, type ReadFile, readPeople } from './read-people.ts'

export interface Created {
  readonly row: ImportRow
  readonly id: number
  readonly password: string
}

export type Stage = 'choose' | 'check' | 'preview' | 'run' | 'report'

/** An import from the text of a file to its report. Nothing is written before `run`, and each row is judged by itself. */
export function useImport() {
  const queries = useQueryClient()
  const [stage, setStage] = useState<Stage>('choose')
  const [file, setFile] = useState<ReadFile>()
  const [faults, setFaults] = useState<ReadonlyMap<number, readonly Fault[]>>(new Map())
  const [progress, setProgress] = useState<BulkProgress<ImportRow>>(nothingYet)
  const [created, setCreated] = useState<readonly Created[]>([])
  const stop = useRef<AbortController>(undefined)
  const rows = file?.rows ?? []
  const isFaulty = (row: ImportRow) => row.fault !== undefined || (faults.get(row.line)?.length ?? 0) > 0
  const accepted = rows.filter(row => !isFaulty(row))

  const begin = (next: Stage) => {
    stop.current?.abort()
    stop.current = new AbortController()
    setStage(next)
    return stop.current.signal
  }
  return {
    stage,
    file,
    rows,
    faults,
    accepted,
    isFaulty,
    progress,
    created,
    stop: () => stop.current?.abort(),
    async read(text: string) {
      const read = readPeople(text)
      setFile(read)
      setFaults(new Map())
      if (read.fault !== undefined) return
      const signal = begin('check')
      try {
        const asked = read.rows.filter(row => row.fault === undefined)
        for await (const found of checkPeople(asked, signal)) setFaults(found)
        setStage('preview')
      } catch (error) {
        if (!signal.aborted) notifyProblem(error)
        setStage('choose')
      }
    },
    async run() {
      const signal = begin('run')
      const done: Created[] = []
      const open = async (row: ImportRow) => {
        const password = generatePassword()
        const { id } = await api.call('createUser', { body: { ...toProposed(row), password } as never })
        done.push({ row, id, password })
        return 'done' as const
      }
      for await (const next of runBulk(open, accepted, signal)) {
        setProgress(next)
      }
      setCreated(done)
      setStage('report')
      for (const key of ['users', 'access', 'audit']) void queries.invalidateQueries({ queryKey: [key] })
    },
    again() {
      begin('choose')
      setFile(undefined)
      setFaults(new Map())
      setProgress(nothingYet)
      setCreated([])
    },
  }
}

export type Import = ReturnType<typeof useImport>
