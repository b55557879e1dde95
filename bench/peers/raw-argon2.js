import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { hashRaw } from '@node-rs/argon2'

/**
 * The ceiling of a login: Argon2id and nothing else, as many at a time as there are cores. `GET /hashes?ms=N` hashes
 * for so long and answers with how many it made in a second.
 */
const { values } = parseArgs({ options: { cores: { type: 'string' } } })
const { PORT, MEMORY_KIB, PASSES, PARALLELISM } = process.env
const options = {
  memoryCost: Number(MEMORY_KIB),
  timeCost: Number(PASSES),
  parallelism: Number(PARALLELISM),
  algorithm: 2,
  outputLen: 32,
  salt: Buffer.alloc(16, 1),
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (pathname !== '/hashes') return response.end('{"status":"ok"}')
  const startedAtMs = performance.now()
  const untilMs = startedAtMs + Number(searchParams.get('ms'))
  let count = 0
  const hashAlong = async () => {
    while (performance.now() < untilMs) {
      await hashRaw('correct horse battery staple', options)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: Number(values.cores) }, hashAlong))
  response.end(JSON.stringify({ rate: (count / (performance.now() - startedAtMs)) * 1000 }))
})
server.listen(Number(PORT), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
