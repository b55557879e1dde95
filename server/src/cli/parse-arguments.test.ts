import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from './command.ts'
import { parseArguments } from './parse-arguments.ts'

const words = (line: string): string[] => (line === '' ? [] : line.split(' '))
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
    ['user deactivate a@b.example', { name: 'user deactivate', email: 'a@b.example' }],
    ['user create a@b.example', create(false, false)],
    ['user create a@b.example --superuser', create(true, false)],
    ['--staff user create --superuser a@b.example', create(true, true)],
    ['user create -- a@b.example', create(false, false)],
    ['user create -- --superuser', { ...create(false, false), email: '--superuser' } as Command],
  ]
  for (const [line, command] of cases) {
    it(line, () => assert.deepEqual(parseArguments(words(line)), { kind: 'command', command }))
  }

  it('keeps an operand as it was typed', () => {
    const parsed = parseArguments(['user', 'deactivate', ' Ann@B.example '])
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
    it(line, () => assert.deepEqual(parseArguments(words(line)), { kind: 'help', about }))
  }

  it('--version', () => assert.deepEqual(parseArguments(['--version']), { kind: 'version' }))
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
    ['user create', /^user create: EMAIL is missing$/, 'user create'],
    ['user create --staff', /EMAIL is missing/, 'user create'],
    [
      'user create a@b.example --superusr',
      /there is no --superusr; did you mean --superuser\?/,
      'user create',
    ],
    ['user create a@b.example -s', /there is no -s$/, 'user create'],
    ['user create a@b.example --superuser=false', /^--superuser takes no value$/],
    ['user create a@b.example --no-superuser', /there is no --no-superuser/, 'user create'],
    ['user deactivate a@b.example --superuser', /there is no --superuser/, 'user deactivate'],
    ['audit verify a.json', /too many words, it takes nothing/, 'audit verify'],
    ['audit verify --checkpoint', /^--checkpoint needs a value$/],
    ['audit verify --checkpoint=', /^--checkpoint needs a value$/],
    ['user list --checkpoint a.json', /there is no --checkpoint/, 'user list'],
    ['audit checkpoint a.json b.json', /too many words, it takes only FILE/, 'audit checkpoint'],
    ['user list all', /too many words, it takes nothing/, 'user list'],
    ['move --to', /^--to needs a value$/],
    ['serve --to x', /there is no --to$/, 'serve'],
    ['serve --version', /there is no --version/, 'serve'],
    ['--verison', /there is no --verison; did you mean --version\?/],
    ['--superuser', /there is no --superuser/],
    ['__proto__', /no command «__proto__»/],
    ['constructor --help', /no command «constructor»/],
  ]
  for (const [line, fault, about] of cases) {
    it(line === '' ? 'nothing at all' : line, () => {
      const parsed = parseArguments(words(line))
      assert.equal(parsed.kind, 'wrong usage')
      assert.match(parsed.kind === 'wrong usage' ? parsed.fault : '', fault)
      assert.equal(parsed.kind === 'wrong usage' ? parsed.about : '', about)
    })
  }

  it('an empty or blank operand is a missing one', () => {
    for (const email of ['', '  '])
      assert.equal(parseArguments(['user', 'create', email]).kind, 'wrong usage')
  })

  it('never repeats what may be a password', () => {
    for (const line of [
      'user create a@b.example S3cret',
      'user create a@b.example --password=S3cret',
      'user create a@b.example --password S3cret',
      'user create a@b.example -p S3cret',
      'move postgres://u:S3cret@h/d',
      'serve --to postgres://u:S3cret@h/d',
    ]) {
      const parsed = parseArguments(words(line))
      assert.equal(parsed.kind, 'wrong usage')
      assert.doesNotMatch(JSON.stringify(parsed), /S3cret/)
    }
  })

  it('cannot drive the terminal', () => {
    for (const argv of [['\u001b[2J'], ['user', '\u001b[2J'], ['serve', '--\u001b[2J'], ['--\u001b[2J=1']]) {
      const parsed = parseArguments(argv)
      assert.equal(parsed.kind, 'wrong usage')
      assert.doesNotMatch(parsed.kind === 'wrong usage' ? parsed.fault : '', /\p{Cc}/u)
    }
  })
})
