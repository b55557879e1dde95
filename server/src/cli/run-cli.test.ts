import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { ConfigError, settings } from '../config/index.ts'
import { message, Refusal, takenField } from '../kernel/index.ts'
import type { Command } from './command.ts'
import { CommandFailure, Interrupted } from './command-failure.ts'
import { commandNames, specOf } from './command-table.ts'
import { usageOf } from './help.ts'
import { type CommandLoaders, runCli } from './run-cli.ts'

/** Runs a command line whose commands all do the same, and tells what came of it. */
async function run(line: string, act: (command: Command) => Promise<number> = async () => 0) {
  const out: string[] = []
  const err: string[] = []
  const called: Command[] = []
  const into = (lines: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
  const load = async () => ({
    run: (_context: unknown, command: Command) => {
      called.push(command)
      return act(command)
    },
  })
  const loaders = Object.fromEntries(commandNames.map(name => [name, load])) as unknown as CommandLoaders
  const terminal = { input: Readable.from([]), output: into(out), errors: into(err) }
  const argv = line === '' ? [] : line.split(' ')
  const code = await runCli(argv, { terminal, env: {}, version: '1.2.3' }, loaders)
  return { code, out: out.join(''), err: err.join(''), called }
}

describe('propusk', () => {
  it('runs the command that was named and passes its exit code on', async () => {
    const { code, out, err, called } = await run('user deactivate a@b.example', async () => 1)
    assert.deepEqual(called, [{ name: 'user deactivate', email: 'a@b.example' }])
    assert.deepEqual({ code, out, err }, { code: 1, out: '', err: '' })
  })

  it('--version prints the version alone', async () => {
    assert.deepEqual(await run('--version'), { code: 0, out: '1.2.3\n', err: '', called: [] })
  })

  it('--help lists every command and runs none', async () => {
    const { code, out, err, called } = await run('--help')
    for (const name of commandNames) assert(out.includes(`  ${usageOf(name)} `), name)
    assert.deepEqual({ code, err, called }, { code: 0, err: '', called: [] })
  })

  it('user --help lists the commands of that group only', async () => {
    const { out } = await run('user --help')
    assert.match(out, /user create EMAIL \[--superuser\] \[--staff\]/)
    assert.doesNotMatch(out, /migrate|keys rotate/)
  })

  for (const name of commandNames) {
    it(`${name} --help explains it on standard output and does not run it`, async () => {
      const { code, out, err, called } = await run(`${name} --help`)
      assert(out.startsWith(`Usage: propusk ${usageOf(name)}\n`))
      for (const flag of Object.keys(specOf(name).flags)) assert(out.includes(`  --${flag}  `))
      assert.deepEqual({ code, err, called }, { code: 0, err: '', called: [] })
    })
  }

  it('serve --help names every setting', async () => {
    const { out } = await run('serve --help')
    for (const setting of settings) assert(out.includes(`  ${setting.name} (`))
  })

  for (const line of ['', 'banana', 'user', 'user create', 'serve now', 'migrate --force']) {
    it(`«${line}» is wrong usage: a line on stderr, 2, and nothing runs`, async () => {
      const { code, out, err, called } = await run(line)
      assert.match(err, /^propusk: .+\nSee: propusk .*--help\n$/)
      assert.deepEqual({ code, out, called }, { code: 2, out: '', called: [] })
    })
  }
})

describe('a command that fails', () => {
  const failWith = (error: unknown) => run('migrate', () => Promise.reject(error))

  const cases: [title: string, error: unknown, expected: string][] = [
    ['tells every mistake in the settings', new ConfigError(['one', 'two']), 'propusk: one\npropusk: two\n'],
    ['tells why, on one line', new CommandFailure('No\npassword.\u001b[2J'), 'propusk: No?password.?[2J\n'],
    [
      'tells the fields of a refusal',
      takenField('email', message('refusal.conflict')),
      'propusk: email: This is in conflict with what exists already.\n',
    ],
    [
      'tells the sentence of a refusal without fields, and never its cause',
      new Refusal('invalid_credentials', { cause: new Error('S3cret') }),
      'propusk: The email or the password is wrong.\n',
    ],
    ['says something even of a strange error', 'S3cret', 'propusk: something went wrong\n'],
  ]
  for (const [title, error, expected] of cases) {
    it(`${title}, and ends with 1`, async () => {
      const { code, out, err } = await failWith(error)
      assert.deepEqual({ code, out, err }, { code: 1, out: '', err: expected })
    })
  }

  it('ends with 130 and without a word after Ctrl-C', async () => {
    const { code, out, err } = await failWith(new Interrupted())
    assert.deepEqual({ code, out, err }, { code: 130, out: '', err: '' })
  })
})
