import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'

/** What lies at a path of an archive. Folders above it need no entry of their own. */
export type Entry = { readonly mode?: number; readonly owner?: number } & (
  | { readonly folder: true }
  | { readonly content: string | Buffer }
  | { readonly file: string }
  | { readonly link: string }
)

/**
 * A tar of these entries, as a stream. The same entries give the same bytes: sorted by path, without times, names of
 * owners and the modes that the files have on this machine.
 */
export function tarOf(entries: ReadonlyMap<string, Entry>): Pack {
  const archive = pack()
  const write = async () => {
    const all = new Map([...foldersAbove(entries.keys()), ...entries])
    for (const [name, entry] of [...all].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const { mode, owner = 0 } = entry
      const head = { name, mtime: new Date(0), uid: owner, gid: owner, uname: '', gname: '' }
      if ('folder' in entry) archive.entry({ ...head, type: 'directory', mode: mode ?? 0o755 })
      else if ('link' in entry) archive.entry({ ...head, type: 'symlink', linkname: entry.link, mode: 0o777 })
      else if ('content' in entry) archive.entry({ ...head, mode: mode ?? 0o644 }, entry.content)
      else {
        const { size } = await stat(entry.file)
        await pipeline(createReadStream(entry.file), archive.entry({ ...head, mode: mode ?? 0o644, size }))
      }
    }
    archive.finalize()
  }
  write().catch(error => archive.destroy(error))
  return archive
}

function foldersAbove(paths: Iterable<string>): Map<string, Entry> {
  const folders = new Map<string, Entry>()
  for (const path of paths) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
      folders.set(path.slice(0, at), { folder: true })
  }
  return folders
}

/** Passes a stream on, and gives its SHA-256 and its length once it has ended. */
export function digesting() {
  const hash = createHash('sha256')
  let size = 0
  return {
    async *through(chunks: AsyncIterable<unknown>) {
      for await (const given of chunks) {
        const chunk = given as Buffer
        hash.update(chunk)
        size += chunk.length
        yield chunk
      }
    },
    result: () => ({ digest: `sha256:${hash.digest('hex')}`, size }),
  }
}
