import type { IncomingMessage } from 'node:http'
import { Refusal } from '../kernel/index.ts'

/** Told once: of the whole body, or why it is refused. */
export type BytesRead = (refusal: Refusal | undefined, bytes: Uint8Array) => void

/**
 * Collects a body of at most `limit` bytes; one that announces more is refused before it is read. What comes after a
 * refusal is not kept. With callbacks: a promise would cost as much as the rest of it.
 */
export function readBytes(request: IncomingMessage, limit: number, done: BytesRead): void {
  if (Number(request.headers['content-length']) > limit) {
    done(new Refusal('too_large'), nothing)
    return
  }
  const pieces: Buffer[] = []
  let length = 0
  let isOver = false

  const settle = (refusal?: Refusal) => {
    if (isOver) return
    isOver = true
    // A single piece is the rule for a body of ours.
    done(refusal, pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
  }
  request.on('data', (piece: Buffer) => {
    length += piece.length
    if (length > limit) settle(new Refusal('too_large'))
    if (!isOver) pieces.push(piece)
  })
  request.on('end', () => settle())
  // The client went away, or what it sent cannot be read on: then the socket has had its own answer.
  request.on('error', () => settle(new Refusal('invalid_request')))
}

const nothing = new Uint8Array()
