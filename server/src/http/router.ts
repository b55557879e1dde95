import { invalidField, message } from '../kernel/index.ts'

/** An endpoint that was found, with the texts of the path's parameters, decoded once. */
export interface Match<Endpoint> {
  readonly endpoint: Endpoint
  readonly params: Readonly<Record<string, string>>
}

interface Leaf<Endpoint> {
  readonly names: readonly string[]
  readonly match: Match<Endpoint>
}

/** One segment of a path; `parameter` is taken where no child has that very name, and `rest` where nothing else leads on. */
interface Segment<Endpoint> {
  readonly children: Map<string, Segment<Endpoint>>
  parameter: Segment<Endpoint> | undefined
  readonly leaves: Map<string, Leaf<Endpoint>>
  readonly rest: Map<string, Leaf<Endpoint>>
}

/** Longer than any value that a path of ours can hold. */
const maxParameterLength = 200

const none = Object.freeze({})

/**
 * Finds what answers a method at a path. A pattern is segments and parameters (`/users/:id/`), as the route book admits
 * them; `*` at its end is a parameter for all that follows, of one segment or more. A path is met with and without its trailing slash and in one case only; between two slashes there is a segment.
 *
 * INVARIANT: each segment is decoded once, after the path was split, so `%2F` never parts two of them.
 */
export class Router<Endpoint> {
  readonly #root = segment<Endpoint>()
  /** Paths without parameters, in both spellings: most requests need no more than this look-up. */
  readonly #plain = new Map<string, Map<string, Leaf<Endpoint>>>()

  /** Throws an Error when the place is taken. */
  add(method: string, pattern: string, endpoint: Endpoint): void {
    const parts = segmentsOf(pattern)
    const takesRest = parts.at(-1) === '*'
    if (takesRest) parts.pop()
    const names = parts.filter(isParameter).map(part => part.slice(1))
    let at = this.#root
    for (const part of parts) at = isParameter(part) ? parameterOf(at) : childOf(at, part)
    const leaves = takesRest ? at.rest : at.leaves
    if (leaves.has(method)) throw new Error(`${method} ${pattern} is there already.`)
    leaves.set(method, { names: takesRest ? [...names, '*'] : names, match: { endpoint, params: none } })
    if (takesRest || names.length > 0) return
    const path = `/${parts.join('/')}`
    this.#plain.set(path, leaves)
    if (path !== '/') this.#plain.set(`${path}/`, leaves)
  }

  /** Throws a Refusal 400 for a path that cannot be read. */
  find(method: string, path: string): Match<Endpoint> | undefined {
    const plain = this.#plain.get(path)?.get(method)
    if (plain !== undefined) return plain.match
    if (!path.startsWith('/')) return undefined
    const values: string[] = []
    const leaf = findLeaf(this.#root, method, segmentsOf(path).map(decode), 0, values)
    if (leaf === undefined) return undefined
    if (leaf.names.length === 0) return leaf.match
    const params = Object.fromEntries(leaf.names.map((name, index) => [name, values[index]!]))
    for (const [name, value] of Object.entries(params)) {
      if (name !== '*' && value.length > maxParameterLength) throw malformed()
    }
    return { endpoint: leaf.match.endpoint, params }
  }
}

const segment = <Endpoint>(): Segment<Endpoint> => ({
  children: new Map(),
  parameter: undefined,
  leaves: new Map(),
  rest: new Map(),
})

const isParameter = (part: string) => part.startsWith(':')

function parameterOf<Endpoint>(at: Segment<Endpoint>): Segment<Endpoint> {
  at.parameter ??= segment()
  return at.parameter
}

function childOf<Endpoint>(at: Segment<Endpoint>, name: string): Segment<Endpoint> {
  const child = at.children.get(name) ?? segment<Endpoint>()
  at.children.set(name, child)
  return child
}

/** `/a/b/` and `/a/b` are `a`, `b`; `/a//b` has an empty segment, which nothing answers to. */
function segmentsOf(path: string): string[] {
  const parts = path.slice(1).split('/')
  if (parts.at(-1) === '') parts.pop()
  return parts
}

/** The segment with this very name goes before a parameter. `values` holds the parameters on the way to the leaf. */
function findLeaf<Endpoint>(
  at: Segment<Endpoint>,
  method: string,
  parts: readonly string[],
  index: number,
  values: string[],
): Leaf<Endpoint> | undefined {
  const part = parts[index]
  if (part === undefined) return at.leaves.get(method)
  const child = at.children.get(part)
  const found = child && findLeaf(child, method, parts, index + 1, values)
  if (found !== undefined) return found
  if (at.parameter !== undefined && part !== '') {
    values.push(part)
    const leaf = findLeaf(at.parameter, method, parts, index + 1, values)
    if (leaf !== undefined) return leaf
    values.pop()
  }
  const rest = at.rest.get(method)
  if (rest !== undefined) values.push(parts.slice(index).join('/'))
  return rest
}

function decode(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    throw malformed()
  }
}

const malformed = () => invalidField('path', message('path.malformed'))
