/**
 * Whether every engine can keep the text and give the same text back: PostgreSQL takes no NUL, and half of
 * a surrogate pair has no UTF-8.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
