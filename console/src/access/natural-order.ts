const collator = new Intl.Collator(undefined, { numeric: true })

/** The order of names in which `stage-2` stands before `stage-10`. */
export const naturally = (a: string, b: string): number => collator.compare(a, b)
