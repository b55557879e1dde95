import { type Parse, quoted } from './parsed.ts'

const mostCharacters = 255

/** RFC 7519 section 2, StringOrURI: any name, but one that holds a colon must be a URI. */
export const audience: Parse<string> = presented => {
  if (/[\s\p{Cc}]/u.test(presented)) return { fault: `${quoted(presented)} must not hold spaces` }
  if (presented.length > mostCharacters) {
    return { fault: `${quoted(presented)} is longer than ${mostCharacters} characters` }
  }
  if (presented.includes(':') && !URL.canParse(presented)) {
    return { fault: `${quoted(presented)} holds a colon but is not a URI` }
  }
  return { value: presented }
}
