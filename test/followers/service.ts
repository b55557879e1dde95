import { openSite, type SignedIn } from '../nodes/site.ts'
import { addressOf, startTcpProxy, type TcpProxy, throughProxy } from '../support/tcp-proxy.ts'
import { makeKey, registerReader } from './deactivations.ts'
import { type FollowerProcess, startFollower } from './follower-process.ts'
import type { OutageKind } from './outages.ts'

/** A server in a process of its own, and followers of it in theirs. Each wire can fall silent. */
export interface Service {
  /** Where it is asked without the wire of the followers. */
  readonly url: string
  readonly admin: SignedIn
  readonly reader: SignedIn
  readonly followers: readonly FollowerProcess[]
  readonly outages: readonly OutageKind[]
  close(): Promise<void>
}

export async function openService(
  databaseUrl: string,
  { count, staleAfterMs }: { readonly count: number; readonly staleAfterMs: number },
): Promise<Service> {
  const toDatabase = await startTcpProxy(addressOf(databaseUrl))
  const toServer = await startTcpProxy({ host: '127.0.0.1', port: 1 })
  const issuer = `http://127.0.0.1:${toServer.port}`
  const site = await openSite(throughProxy(databaseUrl, toDatabase))
  const followers: FollowerProcess[] = []
  const close = async () => {
    await Promise.all(followers.map(follower => follower.end()))
    await site.close()
    await Promise.all([toServer.close(), toDatabase.close()])
  }
  try {
    const { url, freeze } = await site.add({ settings: { PROPUSK_PUBLIC_URL: issuer } })
    toServer.lead({ host: '127.0.0.1', port: Number(new URL(url).port) })
    const admin = await site.administrator(url)
    const settings = { issuer, key: await makeKey(url, admin), staleAfterMs }
    // Ten at a time: a process that starts takes a core for a tenth of a second.
    while (followers.length < count) {
      const next = Math.min(10, count - followers.length)
      followers.push(...(await Promise.all(Array.from({ length: next }, () => startFollower(settings)))))
    }
    const outages = outagesOf({ toServer, toDatabase, freeze })
    return { url, admin, reader: await registerReader(url, admin), followers, outages, close }
  } catch (error) {
    await close()
    throw error
  }
}

function outagesOf({
  toServer,
  toDatabase,
  freeze,
}: {
  readonly toServer: TcpProxy
  readonly toDatabase: TcpProxy
  readonly freeze: () => () => void
}): OutageKind[] {
  let thaw = () => {}
  return [
    {
      name: 'the server is stopped (SIGSTOP)',
      begin() {
        thaw = freeze()
      },
      end: () => thaw(),
    },
    { name: 'the link is swallowed', begin: () => toServer.stall(), end: () => toServer.heal() },
    { name: 'the database is silent', begin: () => toDatabase.stall(), end: () => toDatabase.heal() },
  ]
}
