import { connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly text: string
}

/** Sends these bytes as they are: no client of ours may repair them. Resolves when the other end closes. */
export const sendRaw = (port: number, bytes: Buffer): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
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

/** A request whose target and headers are written as given, in Latin-1. */
export const rawGet = (
  port: number,
  target: string,
  { host = 'app.example.org', method = 'GET', headers = [] as readonly string[] } = {},
): Promise<RawAnswer> => {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', '']
  return sendRaw(port, Buffer.from(lines.join('\r\n'), 'latin1'))
}
