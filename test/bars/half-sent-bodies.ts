import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { rawClient } from '../attacks/support/raw-client.ts'
import { workplace } from '../commands/support/propusk.ts'
import { residentMb } from '../support/resident-memory.ts'

/** Of the 10,000 that a server takes; the rest is for who looks at it. */
const connections = 9_990

/** How much a server grows by bodies that are begun on as many connections as it takes, and not sent to their end. */
export async function holdBodies(bytes: number): Promise<{ grownMb: number; refused: number }> {
  const { url, stop } = await workplace().start()
  const before = await residentMb(url)
  const head = `POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`
  const begun = head + ' '.repeat(bytes - 1)
  const clients: ReturnType<typeof rawClient>[] = []
  while (clients.length < connections) {
    const crowd = Array.from({ length: Math.min(500, connections - clients.length) }, () =>
      rawClient(url, begun),
    )
    await Promise.all(crowd.map(({ socket }) => once(socket, 'connect')))
    clients.push(...crowd)
  }
  // The server reads what has come; nothing tells from outside when it has.
  let most = 0
  for (let look = 0; look < 40; look++) {
    most = Math.max(most, await residentMb(url))
    await sleep(100)
  }
  const refused = clients.filter(client => client.text() !== '').length
  for (const { socket } of clients) socket.destroy()
  await stop()
  return { grownMb: Math.round(most - before), refused }
}
