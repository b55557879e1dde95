import type { EndReason } from '../sessions/index.ts'

/** An event that a listener gets; `audit` is the body of a row of `GET /audit/`. */
export type ServerEvent =
  | { readonly name: 'hello'; readonly data: { readonly session: string } }
  | { readonly name: 'signed_out'; readonly data: { readonly reason: EndReason | null } }
  | { readonly name: 'rights_changed'; readonly data: Readonly<Record<never, never>> }
  | { readonly name: 'audit'; readonly data: object }
  | { readonly name: 'gap'; readonly data: { readonly missed: true } }
  | { readonly name: 'expired'; readonly data: Readonly<Record<never, never>> }

/** HTML Living Standard, section 9.2.5. JSON holds no line break of its own, so the data is one line. */
export const eventText = ({ name, data }: ServerEvent): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** A comment: clients see no event, and every proxy in between sees a sign of life. */
export const heartbeatText = ':\n\n'
