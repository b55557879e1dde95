import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { ConfigError, settings } from '../config/index.ts'
import { message, Rejection, takenField } from '../kernel/index.ts'
import type { Command, CommandLoaders, CommandName } from './command.ts'
import { CommandFailure, Interrupted } from './failure.ts'
import { runCli } from './run-cli.ts'

/** Every command, with all that it takes. */
const usages: Readonly<Record<CommandName, string>> = {
  serve: 'serve',
  migrate: 'migrate',
  demo: 'demo',
  'user create': 'user create EMAIL [--superuser] [--staff]',
  'user list': 'user list',
  'user deactivate': 'user deactivate EMAIL',
  'user erase': 'user erase EMAIL',
  'user promote': 'user promote EMAIL [--staff]',
  'user reset-password': 'user reset-password EMAIL [--link]',
  'user reset-factors': 'user reset-factors EMAIL',
  'keys rotate': 'keys rotate [--now]',
  'audit verify': 'audit verify [--checkpoint <FILE>]',
  'audit checkpoint': 'audit checkpoint [FILE]',
  'audit cut': 'audit cut [--before <DATE>]',
  backup: 'backup FILE',
  restore: 'restore FILE',
  move: 'move [--to <URL>]',
  doctor: 'doctor',
}
const commandNames = Object.keys(usages) as readonly CommandName[]

const words = (line: string): string[] => (line === '' ? [] : line.split(' '))

/** Runs a command line whose commands all do the same, and tells what came of it. */
async function run(
  line: string | readonly string[],
  act: (command: Command) => Promise<number> = async () => 0,
) {
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
  const load = async () => (_context: unknown, command: Command) => {
    called.push(command)
    return act(command)
  }
  const loaders = Object.fromEntries(commandNames.map(name => [name, load])) as unknown as CommandLoaders
  const terminal = { input: Readable.from([]), output: into(out), errors: into(err) }
  const commandLine = (command: string) => `propusk ${command}`.trimEnd()
  const argv = typeof line === 'string' ? words(line) : line
  const code = await runCli(argv, { terminal, env: {}, version: '1.2.3', commandLine }, loaders)
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
    for (const name of commandNames) assert(out.includes(`  ${usages[name]} `), name)
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
      assert(out.startsWith(`Usage: propusk ${usages[name]}\n`))
      for (const [, option] of usages[name].matchAll(/\[(--.*?)\]/g)) assert(out.includes(`  ${option}  `))
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
      'tells the fields of a rejection',
      takenField('email', message('rejection.conflict')),
      'propusk: email: This conflicts with something that already exists.\n',
    ],
    [
      'tells the sentence of a rejection without fields, and never its cause',
      new Rejection('invalid_credentials', { cause: new Error('S3cret') }),
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

/** What a command line was understood as. */
async function parse(argv: readonly string[]) {
  const { code, out, err, called } = await run(argv)
  const [command] = called
  if (command !== undefined) return { kind: 'command', command }
  if (code === 0 && out === '1.2.3\n') return { kind: 'version' }
  const [, about] = /^Usage: propusk (?:([a-z]+(?: [a-z]+)?) ?)?/.exec(out) ?? []
  if (code === 0) return { kind: 'help', about }
  const [, fault = '', wrongIn] = /^propusk: (.*)\nSee: propusk (?:(.*) )?--help\n$/.exec(err) ?? []
  assert.equal(code, 2)
  return { kind: 'wrong usage', fault, about: wrongIn, err }
}
const create = (superuser: boolean, staff: boolean): Command => ({
  name: 'user create',
  email: 'a@b.example',
  superuser,
  staff,
})

describe('a command line that is understood', () => {
  const cases: [line: string, expected: Command][] = [
    ['serve', { name: 'serve' }],
    ['migrate', { name: 'migrate' }],
    ['demo', { name: 'demo' }],
    ['doctor', { name: 'doctor' }],
    ['keys rotate', { name: 'keys rotate', now: false }],
    ['keys rotate --now', { name: 'keys rotate', now: true }],
    ['move', { name: 'move', to: undefined }],
    ['move --to postgres://h/d', { name: 'move', to: 'postgres://h/d' }],
    ['--to=postgres://h/d move', { name: 'move', to: 'postgres://h/d' }],
    ['user list', { name: 'user list' }],
    ['audit verify', { name: 'audit verify', checkpoint: undefined }],
    ['audit verify --checkpoint a.json', { name: 'audit verify', checkpoint: 'a.json' }],
    ['--checkpoint=a.json audit verify', { name: 'audit verify', checkpoint: 'a.json' }],
    ['audit checkpoint', { name: 'audit checkpoint', file: undefined }],
    ['audit checkpoint a.json', { name: 'audit checkpoint', file: 'a.json' }],
    ['audit cut --before 2026-01-31', { name: 'audit cut', before: '2026-01-31' }],
    ['user erase a@b.example', { name: 'user erase', email: 'a@b.example' }],
    ['user promote a@b.example', { name: 'user promote', email: 'a@b.example', staff: false }],
    ['user promote a@b.example --staff', { name: 'user promote', email: 'a@b.example', staff: true }],
    ['user reset-password a@b.example', { name: 'user reset-password', email: 'a@b.example', link: false }],
    [
      'user reset-password --link a@b.example',
      { name: 'user reset-password', email: 'a@b.example', link: true },
    ],
    ['user reset-factors a@b.example', { name: 'user reset-factors', email: 'a@b.example' }],
    ['user deactivate a@b.example', { name: 'user deactivate', email: 'a@b.example' }],
    ['user create a@b.example', create(false, false)],
    ['user create a@b.example --superuser', create(true, false)],
    ['--staff user create --superuser a@b.example', create(true, true)],
    ['user --superuser create a@b.example', create(true, false)],
    ['--to postgres://h/d move', { name: 'move', to: 'postgres://h/d' }],
    ['user create -- a@b.example', create(false, false)],
    ['user create -- --superuser', { ...create(false, false), email: '--superuser' } as Command],
  ]
  for (const [line, command] of cases) {
    it(line, async () => assert.deepEqual(await parse(words(line)), { kind: 'command', command }))
  }

  it('keeps an operand as it was typed', async () => {
    const parsed = await parse(['user', 'deactivate', ' Ann@B.example '])
    assert.deepEqual(parsed, {
      kind: 'command',
      command: { name: 'user deactivate', email: ' Ann@B.example ' },
    })
  })
})

describe('help and version', () => {
  const cases: [line: string, about: string | undefined][] = [
    ['--help', undefined],
    ['-h', undefined],
    ['--help --version', undefined],
    ['serve --help', 'serve'],
    ['--help serve', 'serve'],
    ['user --help', 'user'],
    ['user create -h', 'user create'],
    ['user create --help --bogus too many words', 'user create'],
  ]
  for (const [line, about] of cases) {
    it(line, async () => assert.deepEqual(await parse(words(line)), { kind: 'help', about }))
  }

  it('--version', async () => assert.deepEqual(await parse(['--version']), { kind: 'version' }))
})

describe('wrong usage', () => {
  const cases: [line: string, fault: RegExp, about?: string][] = [
    ['', /^a command is missing$/],
    ['sevre', /no command «sevre»; did you mean «serve»\?/],
    ['usr create a@b.example', /did you mean «user create»\?/],
    ['user-create a@b.example', /did you mean «user create»\?/],
    ['banana', /^there is no command «banana»$/],
    ['banana --help', /^there is no command «banana»$/],
    ['user', /^«user» needs one more word$/, 'user'],
    ['user craete a@b.example', /no command «user craete»; did you mean «user create»\?/, 'user'],
    ['user banana --help', /no command «user banana»$/, 'user'],
    ['users list', /did you mean «user list»\?/],
    ['Serve', /did you mean «serve»\?/],
    ['user create', /^user create: missing required argument 'EMAIL'$/, 'user create'],
    ['user create --staff', /missing required argument 'EMAIL'/, 'user create'],
    [
      'user create a@b.example --superusr',
      /there is no --superusr; did you mean --superuser\?/,
      'user create',
    ],
    ['user create a@b.example -s', /there is no -s$/, 'user create'],
    ['user create a@b.example --superuser=false', /^user create: --superuser takes no value$/, 'user create'],
    ['user create a@b.example --no-superuser', /there is no --no-superuser/, 'user create'],
    ['user deactivate a@b.example --superuser', /there is no --superuser/, 'user deactivate'],
    ['audit verify a.json', /too many words, it takes nothing/, 'audit verify'],
    ['audit verify --checkpoint', /option '--checkpoint <FILE>' argument missing$/, 'audit verify'],
    [
      'audit verify --checkpoint=',
      /'--checkpoint <FILE>' argument '' is invalid\. It is empty\.$/,
      'audit verify',
    ],
    ['user list --checkpoint a.json', /there is no --checkpoint/, 'user list'],
    ['audit checkpoint a.json b.json', /too many words, it takes only FILE/, 'audit checkpoint'],
    ['user list all', /too many words, it takes nothing/, 'user list'],
    ['move --to', /option '--to <URL>' argument missing$/, 'move'],
    ['serve --to x', /there is no --to$/, 'serve'],
    ['serve --version', /there is no --version/, 'serve'],
    ['serve --=x', /there is no such option$/, 'serve'],
    ['--verison', /there is no --verison; did you mean --version\?/],
    ['--superuser', /there is no --superuser/],
    ['__proto__', /no command «__proto__»/],
    ['constructor --help', /no command «constructor»/],
  ]
  for (const [line, fault, about] of cases) {
    it(line === '' ? 'nothing at all' : line, async () => {
      const parsed = await parse(words(line))
      assert.equal(parsed.kind, 'wrong usage')
      assert.match(parsed.fault ?? '', fault)
      assert.equal(parsed.about, about)
    })
  }

  it('an empty or blank operand is a missing one', async () => {
    for (const email of ['', '  ']) {
      assert.equal((await parse(['user', 'create', email])).kind, 'wrong usage')
    }
  })

  it('never repeats what may be a password', async () => {
    for (const line of [
      'user create a@b.example S3cret',
      'user create a@b.example --password=S3cret',
      'user create a@b.example --password S3cret',
      'user create a@b.example -p S3cret',
      'user create a@b.example -pS3cret',
      "user create a@b.example --password='S3cret'",
      '--password S3cret user create a@b.example',
      '-p S3cret user create a@b.example',
      '--to postgres://u:S3cret@h/d banana',
      '--to=postgres://u:S3cret@h/d serve',
      'move postgres://u:S3cret@h/d',
      'serve --to postgres://u:S3cret@h/d',
    ]) {
      const parsed = await parse(words(line))
      assert.equal(parsed.kind, 'wrong usage')
      assert.doesNotMatch(parsed.err ?? '', /S3cret/, line)
    }
  })

  it('cannot drive the terminal', async () => {
    for (const argv of [['\u001b[2J'], ['user', '\u001b[2J'], ['serve', '--\u001b[2J'], ['--\u001b[2J=1']]) {
      const parsed = await parse(argv)
      assert.equal(parsed.kind, 'wrong usage')
      assert.doesNotMatch(parsed.err?.replaceAll('\n', '') ?? '', /\p{Cc}/u)
    }
  })
})
