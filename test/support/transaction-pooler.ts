import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pg from 'pg'

/** A connection pooler in transaction mode, as PgBouncer is one, which gives each transaction another session in turn. */
export interface TransactionPooler {
  readonly url: string
  /** Asks each session of the server past the pooler. */
  askEach(query: string): Promise<Record<string, unknown>[][]>
  close(): Promise<void>
}

interface Backend {
  readonly client: pg.Client
  readonly socket: Socket
  forward: (message: Buffer) => void
}

/** `url`, pooled: all its clients share so many sessions, which keep what is set in them. */
export async function startTransactionPooler(url: string, sessions = 3): Promise<TransactionPooler> {
  const all = await Promise.all(Array.from({ length: sessions }, () => openBackend(url)))
  const free = [...all]
  const waiting: ((backend: Backend) => void)[] = []
  const pool = {
    async take() {
      return free.shift() ?? (await new Promise<Backend>(resolve => waiting.push(resolve)))
    },
    give(backend: Backend) {
      const next = waiting.shift()
      if (next === undefined) free.push(backend)
      else next(backend)
    },
  }
  const clients = new Set<Socket>()
  const server = createServer(socket => {
    clients.add(socket)
    socket.on('error', () => {}).on('close', () => clients.delete(socket))
    serve(socket, pool)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const pooled = new URL(url)
  pooled.hostname = '127.0.0.1'
  pooled.port = String((server.address() as AddressInfo).port)
  pooled.search = ''
  return {
    url: pooled.href,
    async askEach(query) {
      const answers = []
      for (const backend of all) answers.push(await ask(backend, query))
      return answers
    },
    async close() {
      for (const socket of clients) socket.destroy()
      for (const { socket } of all) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

/** The driver signs in; what goes over its socket afterwards is ours. */
async function openBackend(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection
  socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
  const backend: Backend = { client, socket, forward: () => {} }
  onMessages(socket, message => backend.forward(message))
  return backend
}

type Pool = { take(): Promise<Backend>; give(backend: Backend): void }

/** A client has a session from the first message of a transaction to the answer that ends it. */
function serve(socket: Socket, pool: Pool): void {
  let backend: Backend | undefined
  /** Answers that are still to come. */
  let due = 0
  const release = () => {
    const mine = backend
    backend = undefined
    if (mine !== undefined) pool.give(mine)
  }
  const forward = (message: Buffer) => {
    socket.write(message)
    if (typeOf(message) !== 'Z') return
    due -= 1
    if (due === 0 && message.toString('latin1', 5) === 'I') release()
  }
  let work = Promise.resolve()
  const send = async (message: Buffer) => {
    if (socket.destroyed) return
    if (backend === undefined) {
      backend = await pool.take()
      backend.forward = forward
    }
    if ('QS'.includes(typeOf(message))) due += 1
    backend.socket.write(message)
  }
  socket.once('data', (startUp: Buffer) => {
    if (startUp.readInt32BE(4) === sslRequest) {
      socket.write('N')
      socket.once('data', () => welcome())
    } else welcome()
  })
  const welcome = () => {
    socket.write(Buffer.concat([authenticated, parameter('client_encoding', 'UTF8'), foreignKey(), ready]))
    onMessages(socket, message => {
      if (typeOf(message) === 'X') return
      work = work.then(() => send(message))
    })
    socket.on('close', () => {
      work = work.then(() => {
        if (backend === undefined) return
        // As a pooler does for a client that leaves in the middle: the transaction is undone.
        backend.forward = message => {
          if (typeOf(message) !== 'Z') return
          due -= 1
          if (due === 0) release()
        }
        due += 1
        backend.socket.write(framed('Q', Buffer.from('rollback\0')))
      })
    })
  }
}

/** By the same protocol, as no other client is served meanwhile. */
async function ask(backend: Backend, query: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  const done = Promise.withResolvers<void>()
  let names: string[] = []
  backend.forward = message => {
    if (typeOf(message) === 'T') names = fieldNames(message)
    if (typeOf(message) === 'D')
      rows.push(Object.fromEntries(cells(message).map((cell, i) => [names[i], cell])))
    if (typeOf(message) === 'Z') done.resolve()
  }
  backend.socket.write(framed('Q', Buffer.from(`${query}\0`)))
  await done.promise
  return rows
}

function fieldNames(message: Buffer): string[] {
  const names: string[] = []
  for (let at = 7; names.length < message.readInt16BE(5); ) {
    const end = message.indexOf(0, at)
    names.push(message.toString('utf8', at, end))
    at = end + 19
  }
  return names
}

function cells(message: Buffer): (string | null)[] {
  const found: (string | null)[] = []
  for (let at = 7; found.length < message.readInt16BE(5); ) {
    const length = message.readInt32BE(at)
    at += 4
    found.push(length < 0 ? null : message.toString('utf8', at, at + length))
    at += Math.max(0, length)
  }
  return found
}

const sslRequest = 80_877_103
const typeOf = (message: Buffer): string => String.fromCharCode(message[0]!)

function framed(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const authenticated = framed('R', Buffer.alloc(4))
const ready = framed('Z', Buffer.from('I'))
const parameter = (name: string, value: string): Buffer => framed('S', Buffer.from(`${name}\0${value}\0`))
/** What a client cancels its statements with: the pooler's own, like PgBouncer's. */
const foreignKey = (): Buffer => framed('K', randomBytes(8))

/** Calls `onMessage` with each whole message of the protocol. */
function onMessages(socket: Socket, onMessage: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1
      onMessage(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  })
}
