import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { testWorld } from '../support/world.ts'
import { installLibrary } from './support/installed.ts'
import { onEachRuntime } from './support/runtimes.ts'

const installed = await installLibrary('gate')
const program = installed.copy('gate-connected.js')

describe('the packed gate that follows a server', async () => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: issuer } })
  await world.server.app.listen({ host: '127.0.0.1', port })
  const chief = await world.superuser()
  const body = { name: 'a service', permissions: ['changes:read'] }
  const made = await world.call('POST', '/api_keys/', { token: chief.access, body })

  onEachRuntime(
    'lets a reader in, and refuses once they are deactivated; it keeps no process alive',
    async run => {
      const reader = await world.withPermissions('roles:read')
      const env = {
        ISSUER: issuer,
        KEY: made.body.key,
        READER: reader.access,
        READER_ID: String(reader.id),
        CHIEF: chief.access,
      }
      assert.equal((await run(program, env)).stdout, 'done\n')
    },
  )
})
