import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ConfigError, type Environment } from './load-config.ts'

/**
 * The variables of a `.env` file; none when there is no such file. The real environment wins when it is spread
 * after them. Throws a ConfigError for a file that cannot be read, and for lines that would be skipped in silence.
 */
export function readEnvFile(path: string): Environment {
  const bytes = readIfPresent(path)
  if (bytes === undefined) return {}
  const text = decode(bytes, path)
  const mistakes = malformedLines(text).map(
    // The line itself may hold a secret and is not shown.
    line =>
      `${path}, line ${line} is not NAME=value, or its quotation mark is not closed. Example: PROPUSK_PORT=8000`,
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { ...parseEnv(text) }
}

function readIfPresent(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new ConfigError([`${path} cannot be read (${code}). Make it a readable file, or remove it.`])
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError([`${path} is not UTF-8 text. Save it as UTF-8.`])
  }
}

/** `parseEnv` drops what it does not understand; a setting must not be lost that way. Numbers of lines, from 1. */
function malformedLines(text: string): number[] {
  const malformed: number[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim()
    if (line === '' || line.startsWith('#')) continue
    const value = /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(.*)$/.exec(line)?.[1]
    const end = value === undefined ? undefined : lastLine(lines, index, value)
    if (end === undefined) malformed.push(index + 1)
    else index = end
  }
  return malformed
}

/** The index of the line that ends the value: another one only inside quotation marks; undefined when they are never closed. */
function lastLine(lines: readonly string[], index: number, value: string): number | undefined {
  const quote = /^["'`]/.exec(value)?.[0]
  if (quote === undefined || value.indexOf(quote, 1) !== -1) return index
  const end = lines.findIndex((line, at) => at > index && line.includes(quote))
  return end === -1 ? undefined : end
}
