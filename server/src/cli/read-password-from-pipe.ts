import type { Readable } from 'node:stream'
import { CommandFailure } from './command-failure.ts'

const mostBytes = 64 * 1024

/**
 * The one line that standard input holds, its line end cut off and nothing else. Throws CommandFailure when it is
 * empty, is not UTF-8, or holds a second line: a password that is cut short in silence would lock its owner out.
 */
export async function readPasswordFromPipe(input: Readable): Promise<string> {
  const password = decode(await readAll(input)).replace(/\r?\n$/, '')
  if (password === '') throw new CommandFailure('Standard input holds no password. Give it as one line.')
  if (password.includes('\n')) {
    throw new CommandFailure('Standard input holds more than one line. Give the password as one line.')
  }
  return password
}

async function readAll(input: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > mostBytes) throw new CommandFailure('Standard input is too long for a password.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark, as PowerShell writes one, is not part of the password: the decoder drops it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandFailure('Standard input is not UTF-8 text.')
  }
}
