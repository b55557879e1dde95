export interface PlainRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text goes out as it is, with the media type that the headers name. */
  readonly body?: unknown
}

/** A request as the bytes that go over the wire, on a connection that stays open. */
export function requestBytes({ method = 'GET', path, headers = {}, body }: PlainRequest): Buffer {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body !== undefined && typeof body !== 'string' ? ['Content-Type: application/json'] : []),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
