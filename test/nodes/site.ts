import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, demand, type Question, type Reply } from './ask.ts'
import { type NodeOptions, runPropusk, type ServerNode, startNode } from './node.ts'

export const password = 'correct horse battery staple'

/** Clients of these runs all come from one address and sign in far more often than people do. */
const withoutLimits = {
  PROPUSK_GUESSES_PER_ACCOUNT: 'off',
  PROPUSK_GUESSES_PER_ADDRESS: 'off',
  PROPUSK_GUESSES_PER_PASSWORD: 'off',
  PROPUSK_LIMIT_REGISTRATION: 'off',
  PROPUSK_LIMIT_PASSWORD_CHANGE: 'off',
}

export interface SignedIn {
  readonly id: number
  readonly email: string
  readonly access: string
  readonly refresh: string
}

/** Several servers on one database, and an administrator of it. */
export interface Site {
  readonly directory: string
  readonly settings: Readonly<Record<string, string>>
  readonly nodes: readonly ServerNode[]
  /** Starts one more node, with other settings or of another release. */
  add(options?: Partial<NodeOptions>): Promise<ServerNode>
  /** Signs the superuser in where `url` says. */
  administrator(url: string): Promise<SignedIn>
  close(): Promise<void>
}

export async function openSite(databaseUrl: string): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-nodes-'))
  const master = randomBytes(32).toString('base64')
  const settings = { ...withoutLimits, PROPUSK_DATABASE_URL: databaseUrl, PROPUSK_MASTER_KEY: master }
  const nodes: ServerNode[] = []
  let made: Promise<string> | undefined
  const makeAdministrator = async () => {
    const email = 'root@example.com'
    const command = ['user', 'create', email, '--superuser', '--staff']
    const { code, said } = await runPropusk({ directory, settings }, command, `${password}\n`)
    if (code !== 0) throw new Error(`propusk ${command.join(' ')} ended with ${code}:\n${said}`)
    return email
  }
  return {
    directory,
    settings,
    nodes,
    async add(options = {}) {
      const node = await startNode({ directory, ...options, settings: { ...settings, ...options.settings } })
      nodes.push(node)
      return node
    },
    async administrator(url) {
      made ??= makeAdministrator()
      return await signIn(url, await made)
    },
    async close() {
      await Promise.all(nodes.map(node => node.kill()))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

let counter = 0

export async function register(url: string): Promise<SignedIn> {
  const email = `person-${Date.now().toString(36)}-${++counter}@example.com`
  const body = { email, password, password2: password }
  return signedIn(await demand(url, { method: 'POST', path: '/register/', body }, 201))
}

export async function signIn(url: string, email: string, secret = password): Promise<SignedIn> {
  const question: Question = { method: 'POST', path: '/login/', body: { email, password: secret } }
  return signedIn(await demand(url, question, 200))
}

const signedIn = ({ body: { user, access, refresh } }: Reply): SignedIn => ({
  id: user.id,
  email: user.email,
  access,
  refresh,
})

/** Asks until every node answers with this status; a node hears of a change within a second. */
export async function untilAll(urls: readonly string[], question: Question, status: number): Promise<void> {
  const deadlineMs = performance.now() + 60_000
  for (const url of urls) {
    for (;;) {
      const reply = await ask(url, question)
      if (reply.status === status) break
      if (performance.now() > deadlineMs) {
        throw new Error(`${question.path} at ${url} stays ${reply.status} instead of ${status}.`)
      }
    }
  }
}
