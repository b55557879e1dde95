import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type AccessSource, fetchWith, type ProblemError, type StepUpDemand } from './index.ts'

const challengeOf = (rest: string) => `Bearer realm="api", error="${rest}`

/** An API that takes the token `good`, asks for more with `weak`, and calls `old` an invalid one; as other services do, too. */
const answers = {
  good: { status: 200, challenge: undefined },
  weak: {
    status: 401,
    challenge: challengeOf('insufficient_user_authentication", acr_values="aal2", max_age="600"'),
  },
  old: { status: 401, challenge: challengeOf('invalid_token"') },
} as const

describe('fetchWith', () => {
  const seen: { token: string; body: string }[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    seen.push({ token, body })
    const { status, challenge } = answers[token as keyof typeof answers] ?? answers.old
    response.writeHead(status, challenge === undefined ? {} : { 'www-authenticate': challenge }).end('text')
  })
  let url = ''
  before(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  after(() => server.close())

  const sourceOf = (first: string, { renewed, raised }: { renewed?: string; raised?: string } = {}) => {
    const asked: (StepUpDemand | undefined)[] = []
    const source: AccessSource = {
      read: () => first,
      renew: async () => renewed,
      stepUp: async (problem: ProblemError) => {
        asked.push(problem.stepUp)
        return raised
      },
    }
    return { source, asked }
  }
  const post = async (source: AccessSource) => {
    seen.length = 0
    const answer = await fetchWith(source)(url, { method: 'POST', body: 'a document' })
    return { status: answer.status, text: await answer.text(), tokens: seen.map(({ token }) => token) }
  }

  it('sends the token, and the body', async () => {
    assert.deepEqual(await post(sourceOf('good').source), { status: 200, text: 'text', tokens: ['good'] })
    assert.equal(seen[0]!.body, 'a document')
  })

  it('renews a token that is refused, and sends the same again', async () => {
    const { source } = sourceOf('old', { renewed: 'good' })
    assert.deepEqual((await post(source)).tokens, ['old', 'good'])
    assert.deepEqual(
      seen.map(({ body }) => body),
      ['a document', 'a document'],
    )
  })

  it('renews the token that was given in its place as well, three times at most', async () => {
    const { source } = sourceOf('old')
    const next = new Map([
      ['old', 'older'],
      ['older', 'good'],
    ])
    const renewed = await post({ ...source, renew: async refused => next.get(refused) })
    assert.deepEqual(renewed.tokens, ['old', 'older', 'good'])
    const { status, tokens } = await post(sourceOf('old', { renewed: 'old' }).source)
    assert.deepEqual([status, tokens], [401, ['old', 'old', 'old', 'old']])
  })

  it('tells the source what a challenge of RFC 9470 asks for, and goes on with what it gives', async () => {
    const { source, asked } = sourceOf('weak', { raised: 'good' })
    assert.deepEqual(await post(source), { status: 200, text: 'text', tokens: ['weak', 'good'] })
    assert.deepEqual(asked, [{ acr: 'aal2', maxAgeSeconds: 600 }])
  })

  it('renews first, then steps up', async () => {
    const { source } = sourceOf('old', { renewed: 'weak', raised: 'good' })
    assert.deepEqual((await post(source)).tokens, ['old', 'weak', 'good'])
  })

  it('gives the 401 itself to who did not prove it, and asks once', async () => {
    const gaveUp = sourceOf('weak')
    assert.deepEqual(await post(gaveUp.source), { status: 401, text: 'text', tokens: ['weak'] })
    const inVain = sourceOf('weak', { raised: 'weak' })
    assert.deepEqual((await post(inVain.source)).tokens, ['weak', 'weak'])
    assert.deepEqual([gaveUp.asked.length, inVain.asked.length], [1, 1])
  })
})
