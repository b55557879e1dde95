type ErrorRecord = { type: string; message: string; stack: string; [key: string]: unknown }

/**
 * What a log tells of a fault. Only fields that are known to hold no values: a driver puts the row it choked
 * on into others.
 */
export function describeError(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: typeof error === 'string' ? error : 'not an Error', stack: '' }
  }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    stack: error.stack ?? '',
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}
