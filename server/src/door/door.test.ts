import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, describe, test } from 'node:test'
import { createDoor, type Door } from './door.ts'

const loopback = { host: '127.0.0.1', port: 0 }

async function openDoor(): Promise<Door> {
  const door = createDoor({ 'x-content-type-options': 'nosniff' })
  await door.listen(loopback)
  after(() => door.close())
  return door
}

const ask = (door: Door, path: string): Promise<{ status: number; body: string; nosniff: unknown }> =>
  new Promise((resolve, reject) => {
    get(`${door.address}${path}`, { agent: false }, answer => {
      let body = ''
      answer.setEncoding('utf8').on('data', part => {
        body += part
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, body, nosniff: answer.headers['x-content-type-options'] }),
      )
    }).on('error', reject)
  })

describe('the door', () => {
  test('says that the process is alive before the house stands', async () => {
    const door = await openDoor()
    for (const path of ['/health/live', '/health/live/']) {
      assert.deepEqual(await ask(door, path), { status: 200, body: '{"status":"ok"}', nosniff: 'nosniff' })
    }
  })

  test('keeps whoever comes early waiting, and lets everybody in when the house stands', async () => {
    const door = await openDoor()
    const early = [ask(door, '/a'), ask(door, '/health/ready'), ask(door, '/health/lively')]
    await ask(door, '/health/live')
    door.admit((request, response) => response.end(`house ${request.url}`))
    const bodies = (await Promise.all(early)).map(answer => answer.body)
    assert.deepEqual(bodies, ['house /a', 'house /health/ready', 'house /health/lively'])
    assert.equal((await ask(door, '/health/live')).body, 'house /health/live')
  })

  test('sends away with 503 who still waits when it closes', async () => {
    const door = await openDoor()
    const early = ask(door, '/a')
    await ask(door, '/health/live')
    await door.close()
    const answer = await early
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [503, 'unavailable'])
    await assert.rejects(ask(door, '/b'))
  })

  test('says in Node’s own words that the port is taken', async () => {
    const first = await openDoor()
    const port = Number(new URL(first.address).port)
    const second = createDoor({})
    await assert.rejects(second.listen({ host: '127.0.0.1', port }), { code: 'EADDRINUSE' })
  })
})
