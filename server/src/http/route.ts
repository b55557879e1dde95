import {
  type ClientInfo,
  type Locale,
  type Message,
  type PermissionName,
  type Principal,
  permissionName,
  type RejectionCode,
  type SessionPrincipal,
} from '../kernel/index.ts'
import type { DeviceToken, ForwardCookie, RememberedDeviceCookie, SessionCookie } from './cookies.ts'
import type { PreconditionOn } from './preconditions.ts'
import type { Problem } from './problem.ts'
import type { Schema, Static } from './schema.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The action that a method stands for, unless the route names another. */
export const actionOfMethod = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
} as const satisfies Record<Method, string>

/** A route names its resource; its method, or the route itself, names the action. */
export interface Permitted {
  readonly resource_name: string
  readonly action?: string
  /** What a caller must hold as well, where an answer shows two kinds of things. */
  readonly also?: { readonly resource_name: string; readonly action: string }
}

/**
 * Who may call a route. There is no default: a route that says nothing cannot be registered. `browser` is a page of
 * our own origin, and the only kind of route that reads or sets the session cookie.
 */
export type Access = 'public' | 'browser' | 'authenticated' | Permitted

/** The access of a route that is called without an authenticated user. */
export type Anonymous = 'public' | 'browser'

export const isAnonymous = (access: Access): access is Anonymous =>
  access === 'public' || access === 'browser'

/** Everything that a caller must hold, in the order in which it is judged; nothing where no permission is asked for. */
export function permissionsOf({
  access,
  method,
}: {
  readonly access: Access
  readonly method: Method
}): readonly PermissionName[] {
  if (typeof access === 'string') return []
  const { resource_name, action = actionOfMethod[method], also } = access
  const first = permissionName(resource_name, action)
  return also === undefined ? [first] : [first, permissionName(also.resource_name, also.action)]
}

/** What a handler is given: values that were validated, and who is asking. */
interface Call<A extends Access, P extends Schema, Q extends Schema, B extends Schema> {
  readonly principal: A extends Anonymous
    ? undefined
    : A extends 'authenticated'
      ? SessionPrincipal
      : Principal
  readonly sessionCookie: A extends 'browser' ? SessionCookie : undefined
  readonly forwardCookie: A extends 'browser' ? ForwardCookie : undefined
  readonly rememberedDevice: A extends 'browser' ? RememberedDeviceCookie : undefined
  readonly params: Static<P>
  readonly query: Static<Q>
  readonly body: Static<B>
  /** Only where the route says that it uses device tokens. */
  readonly device: DeviceToken
  /** Where the reader of a stream of events wants to go on (HTML Living Standard, section 9.2.4). */
  readonly lastEventId: string | undefined
  /** What `If-Match` demands, to be asked in the transaction of the write. Only where the route takes one. */
  readonly precondition: PreconditionOn
  /** By which the client proves that it sends the same request again. Only where the route takes one. */
  readonly idempotencyKey: string | undefined
  /** Only where the route says that it is asked by proxies. */
  readonly proxied: ProxiedRequest
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * What a route asks of its caller beside the permission: to have proved who is there, as strongly as the account can, and
 * not long ago (ADR 47). A program with an API key is not asked.
 */
export interface StepUp {
  readonly maxAgeSeconds: number
  /** Asked only for such a body. */
  readonly when?: {
    /** The same in words, for the documents: the beginning of a sentence. */
    readonly says: string
    // biome-ignore lint/suspicious/noExplicitAny: a route knows the form of its own body, which has been validated.
    readonly isSuch: (body: any) => boolean
  }
}

/** Whether a request with this body is one that the route asks it for. */
export const isStepUpAsked = (stepUp: StepUp | undefined, body: unknown): stepUp is StepUp =>
  stepUp !== undefined && (stepUp.when === undefined || stepUp.when.isSuch(body))

/** What our own sensitive routes ask for. */
export const freshly: StepUp = { maxAgeSeconds: 600 }

/** A refusal in the words of a standard. Headers are added to those of every problem. */
export interface Refusal {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * What a published standard fixes for a route, where our own routes do otherwise. Its path needs no slash at its end, members
 * of its body that it does not know are ignored, and a body of another media type is a 400.
 */
export interface Standard {
  readonly body: 'form' | 'json'
  /** Whether the `X-Request-ID` of the request comes back. */
  readonly echoesRequestId?: true
  /**
   * The value of `Authorization`, with Bearer as its scheme, of a caller who may present credentials in other ways; or throws
   * a Rejection. Asked when the head is there, where undefined means that the body will say it, and again with the body.
   */
  readonly authorizationOf?: (header: string | undefined, body?: unknown) => string | undefined
  /** Without it a refusal is a problem (RFC 9457). `reason` is the private cause of a rejection; `scheme` the caller's. */
  readonly refuse?: (problem: Problem, reason: string | undefined, scheme: string | undefined) => Refusal
  /** The refusals for the documents, by status, where they are no problems. */
  readonly refusals?: Readonly<Record<string, object>>
}

/** What a proxy sent that asks about another's request, and what it is told beside the answer. */
export interface ProxiedRequest {
  readonly method: string
  /** As it was written, with its query. */
  readonly target: string
  readonly rawHeaders: readonly string[]
  /** Whether the settings trust the other end of the socket. */
  readonly isTrusted: boolean
  setHeaders(headers: Readonly<Record<string, string>>): void
}

/** What a call gives when it goes well. Every answer carries `Cache-Control: no-store` unless `headers` says otherwise. */
interface Success<S extends Schema> {
  readonly status: 200 | 201 | 202 | 204
  readonly description: string
  /** Absent where the answer has no body (204). */
  readonly schema?: S
  readonly example?: unknown
  /** JSON unless said otherwise, such as `text/csv; charset=utf-8`; then the handler returns the text itself. */
  readonly contentType?: string
  /**
   * The handler gives the text piece by piece, and its schema is `Type.TextStream()`. The head goes out with the first
   * piece: what is refused before it is a problem like any other. See stream-answers.ts.
   */
  readonly stream?: true
  /** Of a stream whose query may ask for the same in another form, such as one JSON text, which the handler then gives. */
  readonly other?: {
    readonly isAsked: (query: Readonly<Record<string, unknown>>) => boolean
    readonly contentType: string
    readonly headers: Readonly<Record<string, string>>
    readonly schema: Schema
    readonly example: unknown
  }
  readonly headers?: Readonly<Record<string, string>>
  /** The version of the row that the answer shows, sent as its `ETag`. */
  readonly etag?: (body: Static<S>) => string
}

/**
 * What the domain says of single texts of a body, beside their schema: no message where the text will do. A rule is told
 * the other texts that fit, too. Rules are asked where something else in the request does not fit, so that one answer
 * names every fault; where the form fits, the use case judges all by itself.
 */
export type BodyRules<Body = Readonly<Record<string, unknown>>> = {
  readonly [Field in keyof Body]?: (
    text: string,
    texts: Readonly<Partial<Record<keyof Body, string>>>,
  ) => readonly Message[]
}

/**
 * One operation of the API as plain data: the same record registers the route, guards it, validates its
 * input and describes it in the OpenAPI document (ADR 6, ADR 27).
 */
interface RouteSpec<
  A extends Access = Access,
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  S extends Schema = Schema,
> {
  readonly method: Method
  /** Below the base path, with its trailing slash: `/users/:id/`. */
  readonly path: string
  readonly access: A
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  /** Other spellings of `path` that answer the same and are marked deprecated in the documents. */
  readonly deprecatedPaths?: readonly string[]
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly bodyExample?: unknown
  readonly rules?: BodyRules<Static<B>>
  readonly success: Success<S>
  /** Asked of the caller after the permission and before the request's form. */
  readonly stepUp?: StepUp
  /** Whether the caller shows a device token, and is given the next one. */
  readonly usesDeviceToken?: true
  /**
   * Whether a proxy asks here about another's request: every method is taken, and the request's head, which is mostly
   * that other request's, is left to the handler.
   */
  readonly asksForAnother?: true
  /** When the handler throws a Redirect, for the documents. */
  readonly redirects?: string
  /** Whether `If-Match` is taken: the handler must hand `precondition` on. Without it such a request is a 400. */
  readonly takesIfMatch?: true
  /** Whether `Idempotency-Key` is taken: the handler must hand `idempotencyKey` on. Elsewhere it means nothing. */
  readonly takesIdempotencyKey?: true
  /** Where a published standard says how the route speaks. */
  readonly standard?: Standard
  /** Rejections beyond those that follow from access, params, query and body by themselves. */
  readonly rejections?: readonly RejectionCode[]
  /**
   * Throws the Rejection that every request of this route gets, whatever it says: judged after who is asking and
   * before the request's form, which a caller who is not let in learns nothing about.
   */
  readonly assertOpen?: () => void
  handler(call: Call<A, P, Q, B>): Promise<Static<S>> | Static<S>
}

/** A route whose types are forgotten, so that routes of all modules fit in one list. */
// biome-ignore lint/suspicious/noExplicitAny: a list of routes holds handlers of many shapes; `route` has checked each.
export type Route = RouteSpec<any, any, any, any, any>

/** Declares a route: gives the handler's argument its types. */
export const route = <
  const A extends Access,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
  S extends Schema,
>(
  spec: RouteSpec<A, P, Q, B, S>,
): Route => spec
