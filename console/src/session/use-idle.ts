import { useSyncExternalStore } from 'react'
import { idleWarning, isResting, onIdleChange } from './idle.ts'

/** When the session ends, in ms of the monotonic clock, while the person must be warned of it. */
export const useIdleWarning = (): number | undefined => useSyncExternalStore(onIdleChange, idleWarning)

/** Whether the page waits for the person before it asks the server for more. */
export const useIsResting = (): boolean => useSyncExternalStore(onIdleChange, isResting)
