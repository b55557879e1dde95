import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { call, register } from '../../commands/support/api.ts'
import { workplace } from '../../commands/support/propusk.ts'
import { type TestDisk, testDisks } from '../support/test-disks.ts'
import {
  logExplains,
  readsAndChecks,
  refusesEveryWrite,
  registerUntilRefused,
} from '../support/write-calls.ts'

for (const kind of testDisks) {
  const fault = kind.fault()
  describe(`SQLite on ${kind.name}`, { skip: fault ?? false }, () => {
    let disk: TestDisk
    let settings: Record<string, string>
    before(async () => {
      disk = await kind.open()
      settings = { PROPUSK_DATABASE_URL: `sqlite:${join(disk.directory, 'propusk.db')}` }
    })
    after(() => disk?.close())

    /** Everybody who is stored, by a copy of the file as it lies there. */
    const stored = () => {
      const db = new DatabaseSync(join(disk.copy(), 'propusk.db'))
      try {
        assert.deepEqual(
          db
            .prepare('pragma integrity_check')
            .all()
            .map(row => row.integrity_check),
          ['ok'],
        )
        assert.deepEqual(db.prepare('pragma foreign_key_check').all(), [])
        return db
          .prepare('select email from users order by email')
          .all()
          .map(row => row.email)
      } finally {
        db.close()
      }
    }

    it('a start ends with one line that says what is wrong and what to do', async () => {
      // A disk is full for everybody; a limit only for those who are under it, and this process is not.
      if (kind.isForEverybody) disk.fill(process.pid)
      const place = workplace({ ...settings, PROPUSK_PORT: '0' }, { through: disk.through('full') })
      const ended = await place.run('serve')
      if (kind.isForEverybody) disk.free(process.pid)
      assert.equal(ended.code, 1, ended.out + ended.err)
      assert.equal(ended.err.trim().split('\n').length, 1, ended.err)
      assert.match(ended.err, kind.says)
    })

    // After the failed start above, and without any repair.
    it('a server loses nothing that was acknowledged, stores nothing that was refused, reads on, and recovers by itself', async () => {
      const server = await workplace(settings, { through: disk.through('free') }).start()
      const ada = await register(server.url, 'ada@example.com')

      disk.fill(server.pid)
      const inTheLastPages = await registerUntilRefused(server.url, 'late')
      await refusesEveryWrite(server.url, ada)
      await readsAndChecks(server.url, ada)
      logExplains(server.out(), kind.says)

      disk.free(server.pid)
      const bob = await register(server.url, 'bob@example.com')
      // None of the endings that were refused has taken place, not even in the memory of this server.
      await readsAndChecks(server.url, ada)
      const { status } = await call(server.url, 'POST', '/token/refresh/', { body: { refresh: ada.refresh } })
      assert.equal(status, 200)
      assert.equal((await call(server.url, 'POST', '/logout/', { token: bob.access })).status, 204)
      assert.equal((await call(server.url, 'GET', '/me/', { token: bob.access })).status, 401)

      assert.equal((await server.stop()).code, 0)
      assert.deepEqual(stored(), ['ada@example.com', 'bob@example.com', ...inTheLastPages].sort())
    })
  })
}
