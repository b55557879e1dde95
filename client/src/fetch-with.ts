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

/** The token in place of a refused one may be another tab's, which has run out in a sleep as well. */
const maxRenewals = 3

/**
 * Sends by the token of a source. One that is refused is renewed, and where a stronger or a newer proof of who is there is asked for
 * (RFC 9470) the source is asked to step up, once; then the same is sent again, whatever its method: what was refused did nothing.
 */
export async function sendBy<Answer>(
  source: AccessSource,
  send: (token: string | undefined) => Promise<Answer>,
  refusalOf: (answer: Answer) => Promise<ProblemError | undefined>,
): Promise<Answer> {
  let token = await source.read()
  let answer = await send(token)
  let refusal = await refusalOf(answer)
  for (let renewals = 0; renewals < maxRenewals && refusal?.code === 'invalid_token'; renewals++) {
    token = token === undefined ? undefined : await source.renew(token)
    if (token === undefined) return answer
    answer = await send(token)
    refusal = await refusalOf(answer)
  }
  if (refusal?.code !== 'insufficient_user_authentication') return answer
  const raised = await source.stepUp?.(refusal)
  return raised === undefined ? answer : await send(raised)
}

/**
 * A `fetch` that sends the token of a source, for an API that a gate protects: a token that is refused is renewed, and the source is
 * asked to step up where the API asks for it. What the person does not prove comes back as the 401 that it is. SECRET: the token
 * goes to whatever address it is given.
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
    return sendBy(source, attempt, readRefusal)
  }
