import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('follower.ts', import.meta.url))

/** A service in a process of its own, with a gate that follows a server. */
export interface FollowerProcess {
  /** Resolves when its gate answers the token with this status. Rejects when the process ends before. */
  until(token: string, status: 200 | 401 | 503): Promise<Answered>
  end(): Promise<void>
}

export interface Answered {
  /** The instant in ms by `machineMs`. */
  readonly atMs: number
  /** How old the knowledge of the gate was at that instant, by its own reckoning. */
  readonly ageMs: number
}

export interface FollowerSettings {
  readonly issuer: string
  readonly key: string
  readonly staleAfterMs: number
}

/** The monotonic clock that all processes of the machine share, in ms. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Resolves when its gate is live. */
export async function startFollower(settings: FollowerSettings): Promise<FollowerProcess> {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      FOLLOW_ISSUER: settings.issuer,
      FOLLOW_KEY: settings.key,
      FOLLOW_BOUND_MS: String(settings.staleAfterMs),
    },
  })
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('A follower has ended; its error is above.')
    return value
  }
  const state = await nextLine()
  if (state !== 'live') {
    await end(child)
    throw new Error(`A follower is ${state} instead of live.`)
  }
  return {
    async until(token, status) {
      child.stdin!.write(`${token} ${status}\n`)
      const [instant = '', age] = (await nextLine()).split(' ')
      return { atMs: Number(BigInt(instant)) / 1e6, ageMs: Number(age) }
    },
    end: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
