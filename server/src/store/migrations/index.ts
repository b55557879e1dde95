import { initial } from './0001_initial.ts'
import type { Migration } from './migration.ts'

/** In the order of their names. Listed by hand: no directory is scanned at start. */
export const migrations: readonly Migration[] = [initial]
