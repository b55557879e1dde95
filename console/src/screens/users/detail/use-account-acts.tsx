import { Stack } from '@mantine/core'
import type { User } from '@propusk/client'
import { useQueryClient } from '@tanstack/react-query'
import { BlastRadius } from '../../../access/index.ts'
import { api, useMay, useProfile, type WithVersion } from '../../../session/index.ts'
import { confirm, nameOf, notifyDone, notifyProblem } from '../../../ui/index.ts'
import { useUserText } from './messages.ts'
import { useCountLive } from './use-live-sessions.ts'
import { useChangeUser } from './use-user.ts'

/** Closing, opening and logging out an account: each says first how many sessions it ends. */
export function useAccountActs(user: WithVersion<User>) {
  const text = useUserText()
  const may = useMay()
  const viewer = useProfile()
  const queries = useQueryClient()
  const countLive = useCountLive(user.id)
  const change = useChangeUser(user.id)
  const name = nameOf(user)
  const isSelf = viewer.id === user.id
  const canUndo = may('users', 'update') && !isSelf

  /**
   * Whoever may only delete closes accounts by that: it is the same act. Whatever else has changed meanwhile, an account that
   * is to be closed is closed.
   */
  const close = () =>
    may('users', 'update')
      ? change({ is_active: false })
      : api
          .call('deactivateUser', { params: { id: user.id } })
          .then(() => queries.invalidateQueries({ queryKey: ['users'] }))

  const endingSentence = (count: number | undefined) =>
    count === undefined ? text('endsAll') : text('ends', { count })

  const ask = async (show: (live: number | undefined) => void) => {
    try {
      show(await countLive())
    } catch (error) {
      notifyProblem(error)
    }
  }

  return {
    deactivate: () =>
      ask(live =>
        confirm({
          title: text('deactivate_title', { name }),
          body: (
            <Stack gap="sm">
              <span>
                {endingSentence(live)} {text('deactivate_means')} {isSelf && text('isYou')}
              </span>
              <BlastRadius changes={[{ kind: 'deactivate_user', user_id: user.id }]} />
            </Stack>
          ),
          verb: text('deactivate'),
          act: async () => {
            await close()
            // Sessions that have ended stay so: only the account comes back.
            const undo = () => change({ is_active: true })
            notifyDone(text('deactivated', { name }), canUndo ? { undo } : undefined)
          },
        }),
      ),
    logOut: () =>
      ask(live =>
        confirm({
          title: text('logOut_title', { name }),
          body: (
            <>
              {endingSentence(live)} {text('logOut_means')} {isSelf && text('isYou')}
            </>
          ),
          verb: text('logOut'),
          act: async () => {
            const { revoked } = await api.call('revokeAllTokensOfUser', { params: { user_id: user.id } })
            for (const key of ['sessions', 'audit']) void queries.invalidateQueries({ queryKey: [key] })
            notifyDone(text('loggedOut', { count: revoked, name }))
          },
        }),
      ),
    /** Nothing is lost by it, so it asks nothing, and can be taken back. */
    async reactivate() {
      try {
        await change({ is_active: true }, user.etag)
        notifyDone(text('reactivated', { name }), { undo: () => change({ is_active: false }) })
      } catch (error) {
        notifyProblem(error)
      }
    },
  }
}
