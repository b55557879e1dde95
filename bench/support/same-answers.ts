import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePeer } from './bundle-peer.ts'
import type { PlainRequest } from './request-bytes.ts'
import { type StartedServer, startServer } from './start-server.ts'

/** What the engine writes by itself. */
const ownHeaders = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])

/** Bare Fastify that answers each request as the server at `port` does, byte for byte. */
export async function startSameAnswers(
  directory: string,
  port: number,
  requests: readonly PlainRequest[],
  logLevel = 'warn',
): Promise<StartedServer> {
  const answers = await Promise.all(requests.map(request => record(port, request)))
  const file = join(directory, `answers-${port}.json`)
  writeFileSync(file, JSON.stringify(answers))
  const command = {
    name: 'bare Fastify',
    args: [await bundlePeer('same-answers', directory)],
    env: (own: number) => ({ PORT: String(own), ANSWERS: file, LOG_LEVEL: logLevel }),
    readyPath: '/health/live',
  }
  return startServer(command, directory)
}

async function record(port: number, { method = 'GET', path, headers = {}, body }: PlainRequest) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  const kept = [...answer.headers].filter(([name]) => !ownHeaders.has(name))
  return { method, path, headers: Object.fromEntries(kept), body: await answer.text() }
}
