import { useMediaQuery } from '@mantine/hooks'

/** Whether there is room for no more than what a thing is called, as on a telephone. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
