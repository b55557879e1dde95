import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The paths of all files below a folder, whatever they are. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .toSorted()
