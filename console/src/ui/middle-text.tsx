import classes from './middle-text.module.css'

/** Shorter names than this are cut by nothing. */
const shortest = 24
/** Where long names are alike, it is mostly the end that tells them apart. */
const tail = 12

/** A name in one line that loses its middle, not its end, where there is no room; the whole stands in its tip. */
export function MiddleText({ text }: { readonly text: string }) {
  const letters = [...text]
  if (letters.length <= shortest) return text
  return (
    <span className={classes.whole} title={text}>
      <span className={classes.start}>{letters.slice(0, -tail).join('')}</span>
      <span className={classes.end}>{letters.slice(-tail).join('')}</span>
    </span>
  )
}
