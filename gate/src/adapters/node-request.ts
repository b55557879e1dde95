import type { PresentedRequest } from './authorize-request.ts'

/** What is read of `IncomingMessage`; this package has no types of Node. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: { readonly authorization?: string | undefined }
  readonly rawHeaders: readonly string[]
}

/** What is written to `ServerResponse`. */
export interface NodeResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** Node keeps the first of two Authorization headers and drops the other, by which a proxy may have decided. */
export function presentedByNode({ method, headers, rawHeaders }: NodeRequest): PresentedRequest {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  const isOne = names.filter(name => name.toLowerCase() === 'authorization').length === 1
  return { method: method ?? '', authorization: isOne ? headers.authorization : undefined }
}

export function writeResponse(
  response: NodeResponse,
  status: number,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.end(body)
}
