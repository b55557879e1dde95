import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { route } from './route.ts'
import { Type } from './schema.ts'
import { testApp } from './testing/test-app.ts'

/**
 * Spellings of Content-Type by which bodies were parsed and not validated, in Fastify (CVE-2025-32442, CVE-2026-25223,
 * CVE-2026-33806, GHSA-573f-x89g-hqp9) and elsewhere: parser and validator read the header differently.
 */
const spellings = [
  'application/json ; charset=utf-8',
  'application/json\t; charset=utf-8',
  'application/json\t',
  'application/json;',
  'application/json; ',
  'application/json;;',
  'application/json;charset',
  'application/json; charset=utf-16',
  'application/json; charset=utf-8; charset=utf-16',
  'application/json, application/json',
  'application/json, text/plain',
  'text/plain, application/json',
  ' application/json',
  '\tapplication/json',
  'APPLICATION/JSON',
  'application/JSON;charset=UTF-8',
  'Application/Json ;x',
  'application/json garbage',
  'application/json\u00a0',
  'application/json+x',
  'application/vnd.x+json',
  'application/x-www-form-urlencoded',
  'application',
  '/json',
  '*/*',
  '',
]

describe('a body that does not fit its schema', () => {
  let reached = 0
  const { app } = testApp({}, [
    route({
      method: 'POST',
      path: '/transfers/',
      access: 'public',
      operationId: 'transfer',
      tag: 'Items',
      summary: 'Transfer',
      description: 'Takes an amount of ten at most.',
      body: Type.Object({ amount: Type.Integer({ maximum: 10 }) }, { additionalProperties: false }),
      bodyExample: { amount: 1 },
      success: { status: 204, description: 'Done.' },
      handler: () => {
        reached += 1
        return undefined
      },
    }),
  ])
  let port: number
  before(async () => {
    port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
  })
  after(() => app.close())

  const post = (header: string, body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.setEncoding('latin1').on('data', (part: string) => {
        answer += part
      })
      socket.on('close', () => resolve(Number(answer.split(' ')[1])))
      socket.on('error', reject)
      const head = `POST /api/test/transfers/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}`
      socket.write(Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1'))
    })

  for (const spelling of spellings) {
    it(`reaches no handler as ${JSON.stringify(spelling)}`, async () => {
      const status = await post(`Content-Type:${spelling}\r\n`, '{"amount":1000}')
      assert.ok([400, 415].includes(status), String(status))
      assert.equal(reached, 0)
    })
  }

  it('reaches no handler without a type, with two, or with one on a line of its own', async () => {
    for (const header of [
      '',
      'Content-Type: application/json\r\nContent-Type: text/plain\r\n',
      'Content-Type: text/plain\r\nContent-Type: application/json\r\n',
      'Content-Type:\r\n application/json\r\n',
    ]) {
      const status = await post(header, '{"amount":1000}')
      assert.ok([400, 415].includes(status), `${JSON.stringify(header)} ${status}`)
      assert.equal(reached, 0)
    }
  })

  it('a body that fits its schema is accepted', async () => {
    assert.equal(await post('Content-Type: application/json\r\n', '{"amount":10}'), 204)
    assert.equal(reached, 1)
    reached = 0
  })
})
