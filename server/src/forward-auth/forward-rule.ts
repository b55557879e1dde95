import type { EpochMs, ForwardRuleId } from '../kernel/index.ts'

export const forwardMethods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const
export type ForwardMethod = (typeof forwardMethods)[number]

export interface ForwardRule {
  readonly id: ForwardRuleId
  /** In lower case, without a port: `app.example.org`, or `*.example.org` for every name below. */
  readonly host: string
  /** `/reports`, or `/reports/*` for it and all below; decoded. */
  readonly path: string
  /** Sorted; null is every method. */
  readonly methods: readonly ForwardMethod[] | null
  /** `public`, `signed_in` or `resource:action`; null where the permission was deleted, and then no request passes. */
  readonly access: string | null
  /** What it asks of the caller's authentication beside (RFC 9470); null asks for none. */
  readonly acr: 'aal2' | null
  readonly maxAgeSeconds: number | null
  readonly createdAtMs: EpochMs
}

/** What a proxy asks about. */
export interface ForwardedRequest {
  readonly host: string
  readonly path: string
  readonly method: string
}

export const isForwardMethod = (method: string): method is ForwardMethod =>
  (forwardMethods as readonly string[]).includes(method)

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostForm = new RegExp(`^${label}(?:\\.${label})*$`)
const port = /:(?:[1-9][0-9]{0,4})?$/

/** A `Host` in lower case without its port; undefined when it is no name. */
export function readHost(text: string): string | undefined {
  const host = text.replace(port, '').toLowerCase()
  return host.length <= 253 && hostForm.test(host) ? host : undefined
}

/** Whether the text can be the host of a rule: a name, or `*.` and a name. */
export const isRuleHost = (text: string): boolean =>
  text.length <= 253 && hostForm.test(text.startsWith('*.') ? text.slice(2) : text)

/** Whether the text can be the path of a rule: a plain path without escapes, or one that ends with `/*`. */
export function isRulePath(text: string): boolean {
  const path = text.endsWith('/*') ? text.slice(0, -1) : text
  return /^\/[^\s%\\;?#*\p{Cc}]*$/u.test(path) && !/\/\/|\/\.{1,2}(?:\/|$)/.test(path)
}

/** The hosts of rules that can speak for this one, the most specific first. */
export function hostCandidates(host: string): readonly string[] {
  const labels = host.split('.')
  return [host, ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)]
}

export type Answering =
  | { readonly found: 'rule'; readonly rule: ForwardRule }
  | { readonly found: 'no_rule' | 'method' | 'case' }

/**
 * The rule that answers: first the most specific host that any rule names, then the longest path there, then the method.
 * Each step keeps to what the one before chose, so a rule that is more specific is never passed by for a wider one
 * (ADR 42). `case`: a path that only differs in case from one that another rule names. A server behind the proxy may
 * read the two as one.
 */
export function answeringRule(
  rules: readonly ForwardRule[],
  { host, path, method }: ForwardedRequest,
): Answering {
  const chosenHost = hostCandidates(host).find(candidate => rules.some(rule => rule.host === candidate))
  const ofHost = rules.filter(rule => rule.host === chosenHost)
  const pathOf = (rule: ForwardRule) => rule.path
  const longest = longestMatch(ofHost.map(pathOf), path)
  const folded = longestMatch(
    ofHost.map(rule => fold(rule.path)),
    fold(path),
  )
  if (folded !== (longest === undefined ? undefined : fold(longest))) return { found: 'case' }
  if (longest === undefined) return { found: 'no_rule' }
  const rule = ofHost.find(candidate => candidate.path === longest && covers(candidate, method))
  return rule === undefined ? { found: 'method' } : { found: 'rule', rule }
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** An exact path comes before any prefix, and a longer prefix before a shorter one. */
function longestMatch(paths: readonly string[], path: string): string | undefined {
  if (paths.includes(path)) return path
  return paths
    .filter(each => each.endsWith('/*') && (path === each.slice(0, -2) || path.startsWith(each.slice(0, -1))))
    .reduce<string | undefined>(
      (found, each) => (found === undefined || each.length > found.length ? each : found),
      undefined,
    )
}

/** RFC 9110 section 9.3.2: HEAD is GET without the content. */
export const covers = ({ methods }: Pick<ForwardRule, 'methods'>, method: string): boolean =>
  methods === null ||
  (methods as readonly string[]).includes(method) ||
  (method === 'HEAD' && methods.includes('GET'))
