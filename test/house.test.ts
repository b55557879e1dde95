import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Comment, readComments, readSources, type SourceFile } from './support/imports.ts'
import { testWorld } from './support/world.ts'

/** The files beside the rooms, and the room that stands above all: they put the house together. */
const isComposition = ({ room }: SourceFile) => room === '' || room === 'cli'

const sources = readSources('server/src')
const rooms = new Set(sources.map(file => file.room).filter(room => room !== ''))

/** What each file that breaks a rule imports or says; empty when the house stands. */
const breaches = (files: readonly SourceFile[], offends: (file: SourceFile) => readonly string[]) =>
  files.flatMap(file => offends(file).map(what => `${file.path}: ${what}`))

const roomOf = (path: string): string | undefined => (path.includes('/') ? path.split('/', 1)[0] : undefined)

const foreign = (file: SourceFile) =>
  file.imports.filter(path => rooms.has(roomOf(path) ?? '') && roomOf(path) !== file.room)

describe('the house', () => {
  it('is read whole by these tests', () => {
    assert.ok(sources.length > 150, `${sources.length} files`)
    for (const room of ['access', 'http', 'identity', 'kernel', 'sessions', 'store', 'tokens']) {
      assert.ok(rooms.has(room), room)
    }
    assert.ok(sources.filter(file => foreign(file).length > 0).length > 80, 'imports are seen')
  })

  it('is entered room by room through index.ts only', () => {
    // A command is a door of its own, so that it loads no more than it needs.
    const isDoor = (path: string) => /^[a-z-]+\/index\.ts$/.test(path) || path.startsWith('cli/commands/')
    assert.deepEqual(
      breaches(sources, file => foreign(file).filter(path => !isDoor(path))),
      [],
    )
  })

  it('lets only adapters, and what puts the house together, see the store', () => {
    const seesStore = (file: SourceFile) => foreign(file).filter(path => roomOf(path) === 'store')
    const others = sources.filter(file => !file.path.endsWith('.sql.ts') && !isComposition(file))
    assert.deepEqual(breaches(others, seesStore), [])
  })

  it('lets only routes and schemas, and what puts the house together, see HTTP', () => {
    const seesHttp = (file: SourceFile) => foreign(file).filter(path => roomOf(path) === 'http')
    const isDemoApi = ({ path }: SourceFile) => ['demo/demo-apis.ts', 'demo/shelf.ts'].includes(path)
    const speaksHttp = ({ path }: SourceFile) => /(?:^|[/-])(?:routes|schemas)\.ts$/.test(path)
    const others = sources.filter(file => !speaksHttp(file) && !isComposition(file) && !isDemoApi(file))
    assert.deepEqual(breaches(others, seesHttp), [])
  })

  it('keeps SQL and web frameworks out of use cases', () => {
    const holders = (file: SourceFile) =>
      ['store', 'http', 'door'].includes(file.room) || file.path.endsWith('.sql.ts')
    const frameworks = (file: SourceFile) =>
      file.imports.filter(path => /^(?:kysely|pg|node:sqlite|node:http$)/.test(path))
    assert.deepEqual(
      breaches(
        sources.filter(file => !holders(file)),
        frameworks,
      ),
      [],
    )
  })

  it('stands on a kernel that imports nothing of ours and no package', () => {
    const kernel = sources.filter(file => file.room === 'kernel')
    const outside = (file: SourceFile) =>
      file.imports.filter(path => !path.startsWith('kernel/') && !path.startsWith('node:'))
    assert.deepEqual(breaches(kernel, outside), [])
  })

  it('has rooms whose arrows form no cycle', () => {
    const arrows = new Map([...rooms].map(room => [room, new Set<string>()]))
    for (const file of sources) {
      for (const path of foreign(file)) arrows.get(file.room)?.add(roomOf(path)!)
    }
    // Rooms that point at nothing left are taken away until none is; what stays holds a cycle.
    for (let taken = true; taken; ) {
      const free = [...arrows].filter(([, to]) => [...to].every(room => !arrows.has(room)))
      taken = free.length > 0
      for (const [room] of free) arrows.delete(room)
    }
    assert.deepEqual([...arrows.keys()], [])
  })

  it('has rooms that know nothing of what puts them together', () => {
    const composed = sources.filter(file => file.room !== '' && file.room !== 'cli' && file.room !== 'demo')
    const reachesUp = (file: SourceFile) =>
      file.imports.filter(path => /^(?:compose|core|stores|start|main)\.ts$/.test(path))
    assert.deepEqual(breaches(composed, reachesUp), [])
  })
})

const forbidden: readonly { what: string; pattern: RegExp; except?: RegExp }[] = [
  { what: 'the time', pattern: /\bDate\.now\b|\bnew Date\b/g, except: /^kernel\/time\.ts$/ },
  { what: 'weak chance', pattern: /\bMath\.random\b/g },
  { what: 'code made from text', pattern: /\beval\(|\bnew Function\b|'node:vm'/g },
  { what: 'another process', pattern: /child_process|worker_threads|'node:cluster'/g },
  { what: 'markup made from text', pattern: /\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/g },
  {
    what: 'the environment',
    pattern: /\bprocess\.(?:env|argv|exit|stdin|stdout|stderr)\b/g,
    except: /^(?:main|start)\.ts$|^cli\//,
  },
]

describe('no file of the server reaches by itself', () => {
  for (const { what, pattern, except } of forbidden) {
    it(`for ${what}`, () => {
      const judged = sources.filter(file => except === undefined || !except.test(file.path))
      assert.deepEqual(
        breaches(judged, file => file.code.match(pattern) ?? []),
        [],
      )
    })
  }
})

describe('every route', async () => {
  const { routes } = (await testWorld()).server.app

  it('says who may call it', () => {
    assert.ok(routes.length > 60)
    for (const { route } of routes) {
      const { access } = route
      const isNamed = typeof access === 'object' && typeof access.resource_name === 'string'
      const isKind = access === 'public' || access === 'browser' || access === 'authenticated'
      assert.ok(isKind || isNamed, route.operationId)
    }
  })

  it('is public only where there is no token yet', () => {
    const open = routes.filter(({ route }) => route.access === 'public').map(({ route }) => route.operationId)
    assert.deepEqual(open, ['register', 'login', 'checkSetupLink', 'refreshTokens', 'revokeToken'])
  })

  it('looks at the session cookie only where a page of our own signs in, goes on and signs out', () => {
    const own = routes.filter(({ route }) => route.access === 'browser').map(({ route }) => route.operationId)
    assert.deepEqual(own, [
      'registerInBrowser',
      'logInInBrowser',
      'refreshInBrowser',
      'logOutInBrowser',
      'makeFirstSuperuser',
    ])
  })

  it('asks for no more than a token only where it is about the caller', () => {
    const own = routes
      .filter(({ route }) => route.access === 'authenticated')
      .map(({ route }) => route.operationId)
    assert.deepEqual(own, [
      'logout',
      'revokeAllTokens',
      'readProfile',
      'changeProfile',
      'closeAccount',
      'changePassword',
      'listOwnSessions',
      'listSessionsOfUser',
      'endOwnSession',
      'checkAccess',
      'explainAccess',
      'effectiveAccess',
      'followEvents',
    ])
  })
})

describe('the gate', () => {
  const gate = readSources('gate/src')

  it('imports nothing but its own files', () => {
    assert.ok(gate.length > 20)
    const own = new Set(gate.map(file => file.path))
    assert.deepEqual(
      breaches(gate, file => file.imports.filter(path => !own.has(path))),
      [],
    )
  })
})

describe('the comments of gate, server and client', () => {
  const comments = ['gate/src', 'server/src', 'client/src'].flatMap(readComments)
  const actors =
    /\b(?:nobody|somebody|everybody|whoever|anybody|he|his|him|himself|houses?|doors?|strangers?|friends?)\b/gi
  // Generated: its comments are the texts of the API.
  const isExempt = ({ path }: Comment) => path === 'client/src/types.ts'
  const withoutQuotes = (text: string) => text.replaceAll(/`[^`]*`/g, '')

  it('are read by this test', () => assert.ok(comments.length > 1_000, String(comments.length)))

  it('name the caller, the request, the node or the user, not nobody, somebody or a house', () => {
    assert.deepEqual(
      comments
        .filter(comment => !isExempt(comment))
        .flatMap(({ path, line, text }) =>
          (withoutQuotes(text).match(actors) ?? []).map(word => `${path}:${line}: ${word}`),
        ),
      [],
    )
  })
})
