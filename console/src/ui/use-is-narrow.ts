import { useMediaQuery } from '@mantine/hooks'

/** Whether the screen is as narrow as a phone's: where the style sheets say 48em. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
