import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import type { AnchorFile } from './anchor.ts'

/** A checkpoint in a file that is always whole: a new one takes the place of the old one by its name. */
export const anchorFileAt = (path: string): AnchorFile => ({
  read() {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  },
  write(checkpoint) {
    // A command may write it beside the server.
    const draft = `${path}.${process.pid}.draft`
    const file = openSync(draft, 'w', 0o600)
    try {
      writeSync(file, checkpoint)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  },
})
