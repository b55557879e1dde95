import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { workplace } from './support/propusk.ts'

const place = workplace()

describe('the command line', () => {
  it('propusk --help and --version print and touch nothing', async () => {
    const help = await place.run('--help')
    assert.deepEqual([help.code, help.err], [0, ''])
    const manifest = readFileSync(new URL('../../server/package.json', import.meta.url), 'utf8')
    for (const command of ['serve', 'migrate', 'demo', 'user create', 'keys rotate', 'doctor']) {
      assert.match(help.out, new RegExp(`^  ${command}`, 'm'))
    }
    const version = await place.run('--version')
    assert.deepEqual([version.code, version.out], [0, `${JSON.parse(manifest).version}\n`])
    assert.equal(existsSync(join(place.directory, 'data')), false)
  })

  for (const wrong of ['', 'frobnicate', 'serve now', 'user create', 'user list --all', 'keys', '--hlep']) {
    it(`ends with 2 and a way on for «${wrong}»`, async () => {
      const { code, out, err } = await place.run(wrong)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, /^propusk: .+\nSee: npm run cli -- .*--help\n$/)
    })
  }

  for (const { link, npm, typed } of [
    { link: 'bin/propusk', npm: {}, typed: 'propusk' },
    { link: 'bin/propusk', npm: { npm_command: 'exec', npm_lifecycle_event: 'npx' }, typed: 'npx propusk' },
    { link: 'node_modules/.bin/propusk', npm: {}, typed: 'npx propusk' },
  ]) {
    it(`is named «${typed}» in messages where ${link} is started with ${JSON.stringify(npm)}`, () => {
      const path = join(workplace().directory, link)
      mkdirSync(dirname(path), { recursive: true })
      symlinkSync(fileURLToPath(new URL('../../server/src/main.js', import.meta.url)), path)
      const start = (...words: string[]) =>
        spawnSync(process.execPath, [path, ...words], { encoding: 'utf8', env: npm, cwd: dirname(path) })
      assert.equal(start('keys').stderr.split('\n')[1], `See: ${typed} keys --help`)
      assert.match(start('user', 'list', '--help').stdout, new RegExp(`^Usage: ${typed} user list\n`))
      assert.match(start('doctor').stdout, new RegExp(`Run: ${typed} serve$`, 'm'))
    })
  }

  it('names the line of a .env file that it cannot read, and does not repeat it', async () => {
    const broken = workplace()
    writeFileSync(join(broken.directory, '.env'), 'PROPUSK_PORT=0\nS3cret without a name\n')
    const { code, err } = await broken.run('serve')
    assert.equal(code, 1)
    assert.match(err, /^\.env, line 2 is not NAME=value.+\n$/)
    assert.doesNotMatch(err, /S3cret/)
  })

  it('lists every wrong setting at once, ends with 1, and makes no file', async () => {
    const settings = { PROPUSK_PORT: '99999', PROPUSK_ACCESS_TTL: 'soon', PROPUSK_DOCS: 'maybe' }
    for (const command of ['serve', 'demo', 'migrate', 'user list', 'keys rotate', 'doctor']) {
      const { code, out, err } = await place.run(command, '', settings)
      assert.equal(code, 1, command)
      for (const name of Object.keys(settings)) {
        assert.match(out + err, new RegExp(`${name} is wrong: .+ Example: ${name}=`), command)
      }
    }
    assert.equal(existsSync(join(place.directory, 'data')), false)
  })
})
