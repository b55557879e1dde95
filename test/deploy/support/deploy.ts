import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { loadConfig, showSettings } from '../../../server/src/config/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever its file says; tests assert what they read.
export type Anything = any

export const deployPath = (path: string): string =>
  fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url))

export const readDeploy = (path: string): string => readFileSync(deployPath(path), 'utf8')

/** A file of one document. Throws for a key that stands twice. */
export const readYaml = (path: string): Anything => parse(readDeploy(path), { strict: true })

/** Where the image listens, and what its probes may ask. */
export const port = 8000

const names = new Set(showSettings(loadConfig({})).map(({ name }) => name))

/** Asserts that each variable of ours is a setting: the server does not look at others, so a wrong name is silent. */
export function assertSettings(variables: Iterable<string>): void {
  const ours = [...variables].filter(name => name.startsWith('PROPUSK_'))
  assert.ok(ours.length > 0)
  assert.deepEqual(
    ours.filter(name => !names.has(name)),
    [],
  )
}

export const serverVersion: string = JSON.parse(
  readFileSync(new URL('../../../server/package.json', import.meta.url), 'utf8'),
).version

/** Whether a program is on this machine. */
export function isInstalled(program: string, ...versionArguments: string[]): boolean {
  try {
    execFileSync(program, versionArguments, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
