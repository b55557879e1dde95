import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * A request whose body is still missing, so that it is under way for as long as a test wants. `100-continue`
 * (RFC 9110 section 10.1.1) makes the server say that it has begun.
 */
export async function slowRequest(url: string, path: string, body: unknown) {
  const { hostname, port, host } = new URL(url)
  const payload = JSON.stringify(body)
  const socket = connect(Number(port), hostname)
  let received = ''
  socket.setEncoding('utf8').on('data', text => {
    received += text
  })
  socket.write(
    [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(payload)}`,
      'Expect: 100-continue',
      '\r\n',
    ].join('\r\n'),
  )
  await once(socket, 'data')
  return {
    /** Sends the body and resolves with the whole answer, the interim one left out. */
    async finish(): Promise<string> {
      const closed = once(socket, 'close')
      socket.write(payload)
      await closed
      return received.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, '')
    },
  }
}
