import { useSession } from '../../session/index.ts'

/** The uuid of the session in which this page is read: the `sid` of its access token (RFC 9068). */
export function useOwnSession(): string | undefined {
  const session = useSession()
  if (session.status !== 'in') return undefined
  const [, payload = ''] = session.access.split('.')
  const { sid } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sid?: string }
  return sid
}
