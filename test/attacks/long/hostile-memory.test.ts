import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { workplace } from '../../commands/support/propusk.ts'
import { residentMb } from '../../support/resident-memory.ts'
import { rawClient, sendRaw, statusesIn } from '../support/raw-client.ts'

const live = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
const allowedGrowthMb = 150

describe('the memory of a server under its default limits', { timeout: 180_000 }, () => {
  it('is bounded, and others are served, whatever a crowd sends, keeps open or does not read', async t => {
    const { url, stop } = await workplace().start()
    await (await fetch(`${url}/openapi.json`)).text()
    const before = await residentMb(url)

    const idle = Array.from({ length: 1_000 }, () => rawClient(url, live))
    await Promise.all(idle.map(({ socket }) => once(socket, 'data')))
    // Each asks for some 60 MB, and reads nothing.
    const deaf = Array.from({ length: 20 }, () => rawClient(url))
    for (const { socket } of deaf) {
      socket.pause()
      socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(300))
    }
    const megabyte = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(1 << 20)}\r\n\r\n`
    const loud = await Promise.all(Array.from({ length: 20 }, () => sendRaw(url, megabyte)))
    for (const answer of loud) assert.ok(['', '431'].includes(statusesIn(answer).join()))
    const head = 'POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n'
    const unfinished = Array.from({ length: 50 }, () => rawClient(url, head + ' '.repeat(65_000)))
    assert.deepEqual(statusesIn(await sendRaw(url, live)), [200])

    const after = await residentMb(url)
    for (const { socket } of [...idle, ...deaf, ...unfinished]) socket.destroy()
    t.diagnostic(`resident: ${Math.round(before)} MB before, ${Math.round(after)} MB with the crowd`)
    assert.ok(after - before < allowedGrowthMb, `grew from ${before} MB to ${after} MB`)
    assert.equal((await stop()).code, 0)
  })

  it('is bounded by what bodies may take together, and a body of the common length is read all the same', async () => {
    const { url, stop } = await workplace().start()
    const head = (bytes: number) =>
      `POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`
    const long = Array.from({ length: 400 }, () => rawClient(url, head(65_536) + ' '.repeat(65_000)))
    const refused = () => long.filter(client => statusesIn(client.text()).join() === '429')
    while (refused().length < 250) await sleep(20)
    assert.match(refused()[0]!.text(), /retry-after: 1\r\n/i)
    const wrong = JSON.stringify({ email: 'ann@example.org', password: 'wrong' })
    const login = async (body: string) => {
      const { socket, text } = rawClient(url, head(body.length) + body)
      await once(socket, 'data')
      socket.destroy()
      return statusesIn(text())[0]
    }
    assert.equal(await login(wrong), 401)

    const kept = long.filter(client => client.text() === '')
    assert.ok(kept.length > 100, `${kept.length} are read`)
    for (const { socket } of long) socket.destroy()
    // What they held is free again.
    const longest = wrong.padEnd(65_536)
    while ((await login(longest)) === 429) await sleep(20)
    assert.equal(await login(longest), 401)
    assert.equal((await stop()).code, 0)
  })

  it('is bounded whatever files are asked for ahead and not read', async t => {
    const { url, stop } = await workplace().start()
    const page = await (await fetch(`${url}/console/`)).text()
    const file = new URL(/src="([^"]+\.js)"/.exec(page)![1]!, `${url}/console/`).pathname
    await (await fetch(`${url}${file}`)).text()
    const before = await residentMb(url)
    const deaf = Array.from({ length: 20 }, () => rawClient(url))
    for (const { socket } of deaf) {
      socket.pause()
      socket.write(`GET ${file} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(300))
    }
    assert.deepEqual(statusesIn(await sendRaw(url, live)), [200])
    // Until the server has read what was asked for: nothing shows that from outside.
    await sleep(1_000)
    const after = await residentMb(url)
    for (const { socket } of deaf) socket.destroy()
    t.diagnostic(`resident: ${Math.round(before)} MB before, ${Math.round(after)} MB with the crowd`)
    assert.ok(after - before < allowedGrowthMb, `grew from ${before} MB to ${after} MB`)
    assert.equal((await stop()).code, 0)
  })
})
