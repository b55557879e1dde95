import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertNone } from './support/assert-none.ts'
import { type Comment, readComments, readSources, type SourceFile } from './support/imports.ts'
import { testWorld } from './support/world.ts'

/** The files beside the modules, and the module that stands above all: they wire the server. */
const isWiring = ({ module }: SourceFile) => module === '' || module === 'cli'

const sources = readSources('server/src')
const modules = new Set(sources.map(file => file.module).filter(module => module !== ''))

/** What each file that breaks a rule imports or says: `sessions/routes.ts: store/tables.ts`. */
const broken = (files: readonly SourceFile[], found: (file: SourceFile) => readonly string[]) =>
  files.flatMap(file => found(file).map(what => `${file.path}: ${what}`))

const moduleOf = (path: string): string | undefined =>
  path.includes('/') ? path.split('/', 1)[0] : undefined

const importsOfOthers = (file: SourceFile) =>
  file.imports.filter(path => modules.has(moduleOf(path) ?? '') && moduleOf(path) !== file.module)

describe('module boundaries', () => {
  it('are read from the whole server', () => {
    const missing = ['access', 'http', 'identity', 'kernel', 'sessions', 'store', 'tokens'].filter(
      module => !modules.has(module),
    )
    const advice = 'test/support/imports.ts does not find the sources: has server/src/ moved?'
    assertNone(missing, `No such modules under server/src/. ${advice}`)
    assert.ok(sources.length > 150, `only ${sources.length} files are read. ${advice}`)
    assert.ok(sources.filter(file => importsOfOthers(file).length > 0).length > 80, `No imports. ${advice}`)
  })

  it('are crossed through index.ts only', () => {
    // A command may be imported by itself, so that it loads no more than it needs.
    const isEntry = (path: string) => /^[a-z-]+\/index\.ts$/.test(path) || path.startsWith('cli/commands/')
    assertNone(
      broken(sources, file => importsOfOthers(file).filter(path => !isEntry(path))),
      'A file imports the inside of another module. Export what it needs from the index.ts of that module, and import it from there.',
    )
  })

  it('let only stores and wiring see the database', () => {
    const seesStore = (file: SourceFile) => importsOfOthers(file).filter(path => moduleOf(path) === 'store')
    assertNone(
      broken(
        sources.filter(file => !file.path.endsWith('.sql.ts') && !isWiring(file)),
        seesStore,
      ),
      'Only *.sql.ts imports store/. Put the query in a *.sql.ts of the module, and call that.',
    )
  })

  it('let only routes, schemas and wiring see HTTP', () => {
    const seesHttp = (file: SourceFile) => importsOfOthers(file).filter(path => moduleOf(path) === 'http')
    const isDemoApi = ({ path }: SourceFile) => ['demo/demo-apis.ts', 'demo/demo-store.ts'].includes(path)
    const speaksHttp = ({ path }: SourceFile) => /(?:^|[/-])(?:routes|schemas)\.ts$/.test(path)
    assertNone(
      broken(
        sources.filter(file => !speaksHttp(file) && !isWiring(file) && !isDemoApi(file)),
        seesHttp,
      ),
      'Only *routes.ts and *schemas.ts import http/. Give the use case plain values, and let the route translate.',
    )
  })

  it('keep SQL and web frameworks out of use cases', () => {
    const mayImport = (file: SourceFile) =>
      ['store', 'http'].includes(file.module) || file.path.endsWith('.sql.ts')
    const frameworks = (file: SourceFile) =>
      file.imports.filter(path => /^(?:kysely|pg|node:sqlite|node:http$)/.test(path))
    assertNone(
      broken(
        sources.filter(file => !mayImport(file)),
        frameworks,
      ),
      'A use case knows neither SQL nor HTTP. Put the query in a *.sql.ts of the module, or the HTTP part in http/.',
    )
  })

  it('keep the kernel free of our modules and of packages', () => {
    const kernel = sources.filter(file => file.module === 'kernel')
    const outside = (file: SourceFile) =>
      file.imports.filter(path => !path.startsWith('kernel/') && !path.startsWith('node:'))
    assertNone(
      broken(kernel, outside),
      'kernel/ imports only itself and node:. Put the file in the module it needs.',
    )
  })

  it('have no cycle', () => {
    const importedBy = new Map([...modules].map(module => [module, new Set<string>()]))
    for (const file of sources) {
      for (const path of importsOfOthers(file)) importedBy.get(file.module)?.add(moduleOf(path)!)
    }
    // Modules that import none of those left are taken away until there are none: what stays holds a cycle.
    for (let taken = true; taken; ) {
      const free = [...importedBy].filter(([, to]) => [...to].every(module => !importedBy.has(module)))
      taken = free.length > 0
      for (const [module] of free) importedBy.delete(module)
    }
    assertNone(
      [...importedBy].map(
        ([module, to]) => `${module} imports ${[...to].filter(each => importedBy.has(each)).join(', ')}`,
      ),
      'Some of these modules import each other in a circle. Move what both need into one of them or into kernel/, or hand it over in compose.ts.',
    )
  })

  it('keep modules from importing the wiring above them', () => {
    const below = sources.filter(file => !isWiring(file) && file.module !== 'demo')
    const wiring = (file: SourceFile) =>
      file.imports.filter(path => /^(?:compose|core|start|main)\.ts$/.test(path))
    assertNone(
      broken(below, wiring),
      'A module imports what wires it. Take what it needs as a parameter, and hand it over in compose.ts.',
    )
  })
})

const forbidden: readonly { what: string; instead: string; pattern: RegExp; except?: RegExp }[] = [
  {
    what: 'the time',
    instead: 'Take a `Clock` (kernel/time.ts) as a parameter, so that a test can set it.',
    pattern: /\bDate\.now\b|\bnew Date\b/g,
    except: /^kernel\/time\.ts$/,
  },
  {
    what: 'weak chance',
    instead: 'Take a `Random` (kernel/) as a parameter: Math.random can be predicted.',
    pattern: /\bMath\.random\b/g,
  },
  {
    what: 'code made from text',
    instead: 'Write the code as code: text that is run is how an injection becomes an act.',
    pattern: /\beval\(|\bnew Function\b|'node:vm'/g,
  },
  {
    what: 'another process',
    instead: 'The server starts no process and no thread (ADR 1).',
    pattern: /child_process|worker_threads|'node:cluster'/g,
  },
  {
    what: 'markup made from text',
    instead: 'Set text as text (textContent): markup made from text is cross-site scripting.',
    pattern: /\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write/g,
  },
  {
    what: 'the environment',
    instead: 'Take the value from the configuration: only main, start and the command line read process.',
    pattern: /\bprocess\.(?:env|argv|exit|stdin|stdout|stderr)\b/g,
    except: /^(?:main|start)\.ts$|^cli\//,
  },
]

describe('no file of the server reaches by itself', () => {
  for (const { what, instead, pattern, except } of forbidden) {
    it(`for ${what}`, () => {
      assertNone(
        broken(
          sources.filter(file => except === undefined || !except.test(file.path)),
          file => file.code.match(pattern) ?? [],
        ),
        instead,
      )
    })
  }
})

describe('when a session lives', () => {
  // Of `refresh_tokens`, which have an end of their own.
  const ofTokens = String.raw`(?<!\b(?:t|refresh_tokens)\.)`
  const inSql = new RegExp(
    String.raw`${ofTokens}\b(?:expires_at|ended_at)\b['"}]?,?\s*'?(?:[<>=]|!=|is\b)`,
    'g',
  )
  const inCode = /\b(?:expiresAtMs|endedAtMs) *[<>]|(?<!=)[<>]=? *(?:\w+\.)?(?:expiresAtMs|endedAtMs)\b/g
  const ofSession = /\b\w*[sS]ession\w*[.!]+(?:expiresAtMs|endedAtMs) *[<>]/g
  const definitions = ['sessions/session-row.sql.ts', 'sessions/session.ts']

  const readsSessions = ({ module, code }: SourceFile) =>
    module === 'sessions' || /'sessions(?: as \w+)?'|\b(?:from|update|join) sessions\b/.test(code)
  const comparisons = (file: SourceFile) => [
    ...(readsSessions(file) ? (file.code.match(inSql) ?? []) : []),
    ...(file.code.match(file.module === 'sessions' ? inCode : ofSession) ?? []),
  ]

  it('is said in one place for SQL and in one for code: liveAt and isLive', () => {
    const isDefinition = ({ path }: SourceFile) => definitions.includes(path)
    // What is released in a migration is never edited.
    const others = sources.filter(file => !isDefinition(file) && !file.path.startsWith('store/migrations/'))
    assertNone(broken(others, comparisons), 'compared by hand: use liveAt or isLive of sessions')
    for (const file of sources.filter(isDefinition)) assert.notEqual(comparisons(file).length, 0, file.path)
  })
})

describe('every route', async () => {
  const { routes } = (await testWorld()).server.app

  /** A list to be read by a person before it grows: each entry is a route that asks for no permission. */
  const assertRoutesWith = (access: 'public' | 'browser' | 'authenticated', expected: readonly string[]) =>
    assert.deepEqual(
      routes.filter(({ route }) => route.access === access).map(({ route }) => route.operationId),
      expected,
      `The routes with access '${access}' are not those listed here. If the new one must not ask for a permission, add it; else name its resource in \`access\`.`,
    )

  it('says who may call it', () => {
    assert.ok(
      routes.length > 60,
      `only ${routes.length} routes are registered: has api-routes.ts lost a list?`,
    )
    const unnamed = routes.filter(({ route: { access } }) => {
      const isNamed = typeof access === 'object' && typeof access.resource_name === 'string'
      return !isNamed && access !== 'public' && access !== 'browser' && access !== 'authenticated'
    })
    assertNone(
      unnamed.map(({ route }) => route.operationId),
      'These routes do not say who may call them. Set `access` (server/src/http/route.ts).',
    )
  })

  it('is public only where there is no token yet', () => {
    assertRoutesWith('public', [
      ...[
        'register',
        'login',
        'logInByFactor',
        'passkeySignInOptions',
        'logInByPasskey',
        'requestLoginCode',
        'logInByCode',
        'readSignInOptions',
        'checkSetupLink',
        'refreshTokens',
        'revokeToken',
      ],
      // By a proof that came by mail.
      ...[
        'requestPasswordReset',
        'resetPasskeyOptions',
        'resetPassword',
        'verifyEmail',
        'undoEmailChange',
        'reportNotMe',
      ],
      ...['readOwnInvitation', 'acceptInvitation'],
      // A proxy, by its address.
      'forwardAuth',
      // The sign-in pages, before there is an account.
      'readBrand',
      // Metadata, the same for all.
      'getAuthorizationServerMetadata',
      'getAuthzenConfiguration',
    ])
  })

  it('looks at the session cookie only where a page of our own signs in, goes on and signs out', () => {
    assertRoutesWith('browser', [
      'registerInBrowser',
      'logInInBrowser',
      'logInByFactorInBrowser',
      'logInByPasskeyInBrowser',
      'refreshInBrowser',
      'readSessionEndInBrowser',
      'stepUpInBrowser',
      'logOutInBrowser',
      'logInByCodeInBrowser',
      'enterForward',
      'makeFirstSuperuser',
    ])
  })

  it('asks for no more than a token only where it is about the caller', () => {
    assertRoutesWith('authenticated', [
      'logout',
      'revokeAllTokens',
      'requestEmailVerification',
      'requestEmailChange',
      'confirmEmailChange',
      'listOwnFactors',
      'enrolTotp',
      'confirmTotp',
      'replaceRecoveryCodes',
      'renameOwnFactor',
      'removeOwnFactor',
      'passkeyCreationOptions',
      'enrolPasskey',
      ...['listRememberedDevices', 'forgetRememberedDevice', 'forgetRememberedDevices'],
      'stepUpOptions',
      'stepUp',
      'readProfile',
      'changeProfile',
      'closeAccount',
      'changePassword',
      'downloadOwnData',
      'listOwnSessions',
      'listSessionsOfUser',
      'endOwnSession',
      'endOwnOtherSessions',
      'checkAccess',
      'explainAccess',
      'effectiveAccess',
      'listOwnEvents',
      'followEvents',
    ])
  })
})

describe('the gate', () => {
  const gate = readSources('gate/src')

  it('imports nothing but its own files, and in an adapter the framework of that adapter', () => {
    assert.ok(gate.length > 10, `only ${gate.length} files are read: has gate/src/ moved?`)
    const own = new Set(gate.map(file => file.path))
    const frameworks: Readonly<Record<string, RegExp>> = {
      'adapters/fastify.ts': /^fastify$/,
      'adapters/hono.ts': /^hono$/,
      'adapters/nest.ts': /^@nestjs\/(?:common|core)$/,
    }
    const isAllowed = ({ path }: SourceFile, imported: string) =>
      own.has(imported) || (frameworks[path]?.test(imported) ?? false)
    assertNone(
      broken(gate, file => file.imports.filter(imported => !isAllowed(file, imported))),
      'The gate runs in the process of others, without any dependency (ADR 2). Write what it needs in gate/src/.',
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

  it('are read by this test', () =>
    assert.ok(comments.length > 1_000, `only ${comments.length} are read: have the folders moved?`))

  it('name the caller, the request, the node or the user, not nobody, somebody or a house', () => {
    assertNone(
      comments
        .filter(comment => !isExempt(comment))
        .flatMap(({ path, line, text }) =>
          (withoutQuotes(text).match(actors) ?? []).map(word => `${path}:${line}: ${word}`),
        ),
      'Say who or what it is: the caller, the request, the node, the user, the module, the listener.',
    )
  })
})

describe('the test files', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const filesOf = (script: string) =>
    [...scripts[script]!.matchAll(/"([^"]+)"/g)].flatMap(([, glob]) => globSync(glob!))

  it('are each run by exactly one of `npm test` and `npm run test:long`', () => {
    const run = [...filesOf('test'), ...filesOf('test:long')]
    const all = globSync('{bench,client,console,gate,scripts,server,test}/**/*.test.{ts,tsx}', {
      exclude: path => path.includes('node_modules'),
    })
    assert.ok(all.length > 150, `only ${all.length} test files are found: has the pattern gone wrong?`)
    assertNone(
      all.filter(path => run.filter(each => each === path).length !== 1),
      'Name the folder of these tests in one of the two scripts of package.json, the second if they take many seconds.',
    )
  })
})
