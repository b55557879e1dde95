/** What of a path could be read in two ways. */
type PathFault = 'form' | 'segments' | 'escape' | 'encoding' | 'override'

type ReadPath =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly fault: PathFault }

const refused = (fault: PathFault): ReadPath => ({ ok: false, fault })

/** RFC 3986 section 3.3, without `;`, which servers read differently. */
const plainPath = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@%/]*$/

/** RFC 3986 section 6.2.2.2: unreserved characters need no escape, so one only ever hides them. */
const needlessEscape = /%(?:2d|2e|5f|7e|3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i

/** Controls, and `#`, `%`, `/`, `;`, `?`, `\`: decoded once more than we do, they would mean another path. */
const dangerousEscape = /%(?:[01][0-9a-f]|7f|23|25|2f|3b|3f|5c)/i

/** Whether some server could read a separator in it: by normalizing it (NFKC), or by its looks. */
const looksLikeSeparator = (path: string): boolean => {
  const count = (text: string) => text.match(/[/.\\;%?#]/g)?.length ?? 0
  return (
    count(path.normalize('NFKC')) !== count(path) ||
    /[\u0080-\u009f\u2044\u2215\u2216\u29f8\ufeff]/.test(path)
  )
}

/**
 * The path of a request-target, decoded once, when every server reads the same path in it. Refused are all other
 * spellings, before any rule is looked at: what is matched here and what the service behind the proxy takes it for must
 * be the same.
 */
export function readPath(target: string): ReadPath {
  const question = target.indexOf('?')
  const written = question === -1 ? target : target.slice(0, question)
  if (written.length > 2_000 || !plainPath.test(written) || /[#\0-\x20\x7f-\uffff]/.test(target)) {
    return refused('form')
  }
  if (/\/\/|\/\.{1,2}(?:\/|$)/.test(written)) return refused('segments')
  if (needlessEscape.test(written) || dangerousEscape.test(written)) return refused('escape')
  // RFC 3986 section 2.1: upper case is the one spelling of an escape.
  if (/%(?:[a-f]|[0-9A-F][a-f])/.test(written)) return refused('escape')
  if (question !== -1 && namesOverride(target.slice(question + 1))) return refused('override')
  try {
    // Throws for a broken escape, bytes that are no UTF-8, and overlong forms.
    const path = decodeURIComponent(written)
    return looksLikeSeparator(path) ? refused('encoding') : { ok: true, path }
  } catch {
    return refused('encoding')
  }
}

/** Some frameworks take the method from the query. */
const namesOverride = (query: string): boolean =>
  query.split('&').some(pair => decoded(pair.split('=', 1)[0]!).toLowerCase() === '_method')

/** Only letters and `_` matter here: escapes of others stay as they are. */
const decoded = (name: string): string =>
  name.replace(/%([57][0-9a-f]|[46][0-9a-f])/gi, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
