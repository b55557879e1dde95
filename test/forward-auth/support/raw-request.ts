import { connect } from 'node:net'
import { connect as connectByTls } from 'node:tls'

export interface RawAnswer {
  readonly status: number
  readonly text: string
}

/** Sends these bytes as they are: no client of ours may repair them. Resolves when the other end closes. */
export const sendRaw = (port: number, bytes: Buffer, tlsName?: string): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const send = () => socket.write(bytes)
    const at = { port, host: '127.0.0.1' }
    const socket =
      tlsName === undefined
        ? connect(at, send)
        : connectByTls({ ...at, servername: tlsName, rejectUnauthorized: false }, send)
    const chunks: string[] = []
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const text = chunks.join('')
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    })
  })

interface RawRequest {
  readonly host?: string
  readonly method?: string
  readonly headers?: readonly string[]
  /** By TLS, whatever the certificate. */
  readonly isTls?: boolean
}

/** A request whose target and headers are written as given, in Latin-1. */
export const rawGet = (
  port: number,
  target: string,
  { host = 'app.example.org', method = 'GET', headers = [], isTls = false }: RawRequest = {},
): Promise<RawAnswer> => {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', '']
  return sendRaw(port, Buffer.from(lines.join('\r\n'), 'latin1'), isTls ? host : undefined)
}
