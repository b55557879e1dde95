const lineFeed = 0x0a

/** Reads an export to its end, and tells how many lines there are so far. The first one names the columns. */
export async function readRows(answer: Response, onRows: (rows: number) => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let lines = 0
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    parts.push(part)
    for (const byte of part) if (byte === lineFeed) lines += 1
    onRows(Math.max(0, lines - 1))
  }
  return new Blob(parts, { type: answer.headers.get('content-type') ?? 'text/csv' })
}
