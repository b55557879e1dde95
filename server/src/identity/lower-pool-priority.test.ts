import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { describe, it } from 'node:test'
import { createPasswordHasher } from './password-hasher.ts'

const isLinux = process.platform === 'linux'

const priorities = () =>
  readdirSync('/proc/self/task').map(thread => ({
    isOfPool: readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').startsWith('libuv-worker'),
    nice: getPriority(Number(thread)),
  }))

describe('hashing', { skip: !isLinux && 'threads have priorities of their own on Linux only' }, () => {
  it('steps back behind the event loop, and nothing else does', async () => {
    const before = getPriority(process.pid)
    await createPasswordHasher({ memoryKib: 8, passes: 1 }).hash('correct horse battery staple')
    const pool = priorities().filter(({ isOfPool }) => isOfPool)
    const others = priorities().filter(({ isOfPool }) => !isOfPool)
    assert(pool.length >= 4, String(pool.length))
    for (const { nice } of pool) assert(nice > before, String(nice))
    for (const { nice } of others) assert.equal(nice, before)
  })
})
