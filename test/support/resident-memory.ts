/** What a server weighs, in MB of 2^20 bytes, as its metrics say. */
export async function residentMb(url: string): Promise<number> {
  // A connection of its own: one that is kept would count among those that a test makes.
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / 2 ** 20
}
