const lineFeed = 0x0a

/** Reads an export to its end, and tells how many rows there are so far. The first line of CSV names the columns. */
export async function readRows(answer: Response, onRows: (rows: number) => void): Promise<Blob> {
  const type = answer.headers.get('content-type') ?? 'text/csv'
  const headerLines = type.startsWith('text/csv') ? 1 : 0
  const parts: Uint8Array<ArrayBuffer>[] = []
  let lines = 0
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    parts.push(part)
    for (const byte of part) if (byte === lineFeed) lines += 1
    onRows(Math.max(0, lines - headerLines))
  }
  return new Blob(parts, { type })
}
