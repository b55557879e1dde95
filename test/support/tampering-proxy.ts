import { createServer, type IncomingHttpHeaders, request } from 'node:http'

/** Changes one event of a stream, or drops it. */
export type Tamper = (event: string) => string | undefined

/** A proxy in front of a server that passes everything on, and the events of the feed as they were tampered with. */
export async function startTamperingProxy() {
  let port = 0
  let tamper: Tamper = event => event
  let sentOn = (headers: IncomingHttpHeaders): IncomingHttpHeaders => headers
  const server = createServer((incoming, outgoing) => {
    const { method, url } = incoming
    const headers = sentOn(incoming.headers)
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (!url?.startsWith('/api/auth/changes/')) return void answer.pipe(outgoing)
      let text = ''
      answer.setEncoding('utf8').on('data', piece => {
        const events = (text + piece).split('\n\n')
        text = events.pop()!
        for (const event of events) {
          const passed = tamper(event)
          if (passed !== undefined) outgoing.write(`${passed}\n\n`)
        }
      })
      answer.on('close', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return {
    issuer: `http://127.0.0.1:${address.port}`,
    leadTo(to: number) {
      port = to
    },
    tamperWith(how: Tamper) {
      tamper = how
    },
    /** The headers of requests, as the server is sent them. */
    sendOn(how: typeof sentOn) {
      sentOn = how
    },
    /** Ends every connection. */
    cut: () => server.closeAllConnections(),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export const isOf = (name: string, event: string) => event.includes(`event: ${name}\n`)
export const dataOf = (event: string) => event.slice(event.indexOf('data: ') + 'data: '.length)
