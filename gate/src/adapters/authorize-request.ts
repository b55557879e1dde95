import type { ConnectedGate } from '../connected-gate.ts'
import type { AuthenticationRequirement } from '../step-up.ts'
import type { Principal } from '../verdict.ts'
import { protectedResource } from './protected-resource.ts'
import { apiKeyRefusal, type Refusal, type Responding, refusalOf, withoutToken } from './refusal.ts'

/** What an adapter needs of a gate: a connected one, or one for tests. */
export type CheckingGate = Pick<ConnectedGate, 'check' | 'issuer'>

/** A refused request, for logs. */
export interface RefusalReport {
  readonly status: Refusal['status']
  readonly because: Refusal['because']
  /** The `instance` of the problem that the caller was sent. */
  readonly instance: string
}

export interface AdapterOptions {
  /** The `realm` of challenges (RFC 9110 section 11.5); `propusk` unless given. */
  readonly realm?: string
  /**
   * The public address of this service, such as `https://api.example.com`: its resource identifier by RFC 9728. With it each
   * challenge says where the metadata stands.
   */
  readonly protectedResource?: string
  /** Called for each request that is refused. The caller is told less than it is. */
  readonly onRefusal?: (report: RefusalReport) => void
}

export interface ResourceOptions extends AdapterOptions {
  /** What is done to the resource, where the method does not say it. */
  readonly action?: string
  /**
   * How strongly and how recently the caller must have proved who is there, such as `{ acr: 'aal2', maxAgeSeconds: 600 }`. A
   * caller of less is answered with 401 `insufficient_user_authentication` (RFC 9470).
   */
  readonly stepUp?: AuthenticationRequirement
}

/** What a route asks for. Without an action its method says it. */
export interface Needed {
  readonly resource: string
  readonly action?: string | undefined
  readonly stepUp?: AuthenticationRequirement | undefined
}

/** What counts of a request. `authorization` is undefined without the header, and where it stands twice. */
export interface PresentedRequest {
  readonly method: string
  readonly authorization: string | undefined
}

export type Authorization =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly refusal: Refusal }

/** Checks one request for what its route needs. Rejects for nothing but a method without an action, and a throwing `onRefusal`. */
export type Authorize = (request: PresentedRequest, needed: Needed) => Promise<Authorization>

/** The action that a method stands for, as on the server. A preflight (Fetch standard) has no token: answer it before. */
const actionOfMethod = new Map([
  ['GET', 'read'],
  ['HEAD', 'read'],
  ['OPTIONS', 'read'],
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'update'],
  ['DELETE', 'delete'],
])

/** Throws a TypeError for a method that stands for no action. */
export function actionOf(method: string, { resource, action }: Needed): string {
  const meant = action ?? actionOfMethod.get(method)
  if (meant !== undefined) return meant
  throw new TypeError(`${method} stands for no action on ${resource}: name one with the resource`)
}

/** RFC 6750 section 2.1: one space, then the token; RFC 9110 section 11.1: the scheme in any case. */
const bearer = /^bearer ([\x21-\x7e]+)$/i
const isApiKey = (token: string): boolean => token.startsWith('propusk_')

/** Throws a TypeError for a gate that is none, and for wrong options. */
export function authorizing(gate: CheckingGate, options: AdapterOptions = {}): Authorize {
  checkGate(gate)
  const responding = respondingOf(gate, options)

  async function find({ method, authorization }: PresentedRequest, needed: Needed): Promise<Authorization> {
    const action = actionOf(method, needed)
    const token = bearer.exec(authorization ?? '')?.[1]
    if (token === undefined) return { ok: false, refusal: withoutToken(responding) }
    if (isApiKey(token)) return { ok: false, refusal: apiKeyRefusal(responding) }
    const verdict = await gate.check(token, needed.resource, action, needed.stepUp)
    if (verdict.allowed) return { ok: true, principal: verdict.principal }
    return { ok: false, refusal: refusalOf(verdict, `${needed.resource}:${action}`, responding) }
  }

  return async (request, needed) => {
    const found = await find(request, needed)
    if (!found.ok) {
      const { status, because, problem } = found.refusal
      options.onRefusal?.({ status, because, instance: problem.instance })
    }
    return found
  }
}

function respondingOf(gate: CheckingGate, { realm = 'propusk', protectedResource: address }: AdapterOptions) {
  // RFC 9110 section 5.6.4: what may stand between quotes without an escape.
  if (!/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/.test(realm)) {
    throw new TypeError('realm holds a quotation mark, a backslash or what is not ASCII: give plain text')
  }
  const metadataUrl = address === undefined ? undefined : protectedResource(gate, address).url
  return { realm, metadataUrl } satisfies Responding
}

function checkGate(gate: unknown): void {
  if (gate instanceof Promise) throw new TypeError('gate is a promise: await connectGate() first')
  if (typeof (gate as CheckingGate | undefined)?.check !== 'function') {
    throw new TypeError('gate is missing: give what connectGate() resolves to')
  }
}

/** A frozen copy. Throws a TypeError for a resource or an action that is not a name, and for a step-up that asks for nothing. */
export function neededOf(resource: unknown, { action, stepUp }: Presented = {}): Needed {
  if (!isCodeName(resource)) {
    throw new TypeError(`resource is ${JSON.stringify(resource)}: give a code name, such as documents`)
  }
  if (action !== undefined && !isCodeName(action)) {
    throw new TypeError(`action is ${JSON.stringify(action)}: give a code name, such as approve, or none`)
  }
  if (stepUp !== undefined && !isRequirement(stepUp)) {
    throw new TypeError(
      `stepUp is ${JSON.stringify(stepUp)}: give { acr: 'aal2', maxAgeSeconds: 600 }, or one of the two`,
    )
  }
  return Object.freeze({
    resource,
    action,
    ...(stepUp !== undefined && { stepUp: Object.freeze({ ...stepUp }) }),
  })
}

interface Presented {
  readonly action?: unknown
  readonly stepUp?: unknown
}

const isCodeName = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && !name.includes(':')

/** INVARIANT: a misspelled member is no requirement that asks for nothing. */
function isRequirement(value: unknown): value is AuthenticationRequirement {
  if (typeof value !== 'object' || value === null) return false
  const { acr, maxAgeSeconds, ...others } = value as Record<string, unknown>
  if (Object.keys(others).length > 0 || (acr === undefined && maxAgeSeconds === undefined)) return false
  const isLevel = acr === undefined || acr === 'aal1' || acr === 'aal2'
  return isLevel && (maxAgeSeconds === undefined || isAge(maxAgeSeconds))
}

const isAge = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
