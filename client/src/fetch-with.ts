import { ProblemError, toProblemError } from './problem-error.ts'
import type { AccessSource } from './stores.ts'

/** Of a 401 in the words of RFC 6750 and RFC 9470, by its challenge where its body is no problem document of ours. */
async function readRefusal(answer: Response): Promise<ProblemError | undefined> {
  if (answer.status !== 401) return undefined
  const problem = await toProblemError(answer.clone())
  const challenge = answer.headers.get('www-authenticate') ?? ''
  if (problem.code !== 'unrecognised') return problem
  const code = ['invalid_token', 'insufficient_user_authentication'] as const
  const named = code.find(each => challenge.includes(`error="${each}"`))
  if (named === undefined) return undefined
  const acr = /acr_values="(aal[12])"/.exec(challenge)?.[1] as 'aal1' | 'aal2' | undefined
  const age = /max_age="?(\d+)"?/.exec(challenge)?.[1]
  return new ProblemError(401, {
    code: named,
    detail: problem.detail,
    ...(acr !== undefined && { acr_values: acr }),
    ...(age !== undefined && { max_age: Number(age) }),
  })
}

/**
 * A `fetch` that sends the token of a source, for an API that a gate protects. A token that is refused is renewed once, and where
 * the API asks for a stronger or a newer proof of who is there (RFC 9470) the source is asked to step up once; then the request
 * is sent again. What the person does not prove comes back as the 401 that it is. SECRET: the token goes to whatever
 * address it is given.
 */
export const fetchWith =
  (source: AccessSource, send: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const attempt = (token: string | undefined): Promise<Response> => {
      const sent = request.clone()
      if (token !== undefined) sent.headers.set('authorization', `Bearer ${token}`)
      return send(sent)
    }
    const token = await source.read()
    let answer = await attempt(token)
    let problem = await readRefusal(answer)
    if (problem?.code === 'invalid_token' && token !== undefined) {
      const renewed = await source.renew(token)
      if (renewed === undefined) return answer
      answer = await attempt(renewed)
      problem = await readRefusal(answer)
    }
    if (problem?.code !== 'insufficient_user_authentication') return answer
    const raised = await source.stepUp?.(problem)
    return raised === undefined ? answer : attempt(raised)
  }
