/** Which sessions a list shows: the live ones, unless its address says otherwise. */
export type Shown = 'live' | 'ended' | 'all'

export const shownBy = (isActive: string | undefined): Shown => {
  if (isActive === 'all') return 'all'
  return isActive === 'false' ? 'ended' : 'live'
}

/** As the address has it; nothing for what is shown anyway. */
export const isActiveOf = (shown: Shown): string | undefined =>
  ({ live: undefined, ended: 'false', all: 'all' })[shown]

/** What the API is asked for. */
export const filterOf = (shown: Shown): { readonly is_active?: boolean } =>
  shown === 'all' ? {} : { is_active: shown === 'live' }
