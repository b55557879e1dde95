import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'

/** A file system of a few megabytes that nobody sees but the processes that are started in it, and whoever knows the way. */
export interface SmallDisk {
  /** What to put before a command, so that `mountedAt` is the small disk for it. */
  readonly through: readonly string[]
  /** The same directory, for everybody else on this machine who may look into the processes of its owner. */
  readonly outside: string
  /** Writes until there is no byte left. */
  fill(): void
  free(): void
  close(): Promise<void>
}

interface SmallDiskOptions {
  readonly megabytes: number
  /** Whose disk it is; the present user's unless given. */
  readonly owner?: Pick<SpawnOptions, 'uid' | 'gid'>
}

/**
 * Mounts a small disk on the existing directory `mountedAt`, in a mount namespace of its own: no trace of it is left on
 * the machine. Needs Linux and the right to make namespaces, which containers often lack: `smallDiskFault` tells.
 */
export async function smallDisk(
  mountedAt: string,
  { megabytes, owner = {} }: SmallDiskOptions,
): Promise<SmallDisk> {
  const keeper = spawn(
    'unshare',
    [...namespaces, 'sh', '-c', mountAndStay, 'sh', mountedAt, `${megabytes}m`],
    {
      ...owner,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  await untilMounted(keeper)
  const outside = `/proc/${keeper.pid}/root${mountedAt}`
  // By its owner: nobody else can make a file in a user namespace that does not know them.
  const asOwner = (script: string) => spawnSync('sh', ['-c', script, 'sh', outside], owner)
  return {
    through: ['nsenter', `--target=${keeper.pid}`, '--user', '--mount', '--preserve-credentials', `--wd=/`],
    outside,
    fill: () => void asOwner('cat /dev/zero > "$1/ballast"'),
    free: () => void asOwner('rm "$1/ballast"'),
    async close() {
      const exited = once(keeper, 'exit')
      keeper.stdin!.end()
      await exited
    },
  }
}

/** Why there can be no small disk here; undefined when there can. */
export function smallDiskFault(): string | undefined {
  const { error, status, stderr } = spawnSync(
    'unshare',
    [...namespaces, 'sh', '-c', mountAndStay, 'sh', tmpdir(), '1m'],
    { input: '', encoding: 'utf8' },
  )
  if (error !== undefined) return `a mount namespace cannot be made here: ${error.message}`
  return status === 0 ? undefined : `a mount namespace cannot be made here: ${stderr.trim()}`
}

const namespaces = ['--user', '--map-root-user', '--mount']
/** Lives as long as its standard input: with its last process the namespace goes, and the mount with it. */
const mountAndStay = 'mount -t tmpfs -o size="$2",mode=700 tmpfs "$1" && echo mounted && exec cat'

async function untilMounted(keeper: ChildProcess): Promise<void> {
  let said = ''
  keeper.stderr!.setEncoding('utf8').on('data', text => {
    said += text
  })
  const gone = once(keeper, 'exit').then(() => {
    throw new Error(`The small disk was not mounted: ${said}`)
  })
  await Promise.race([once(keeper.stdout!, 'data'), gone])
  gone.catch(() => {})
}
