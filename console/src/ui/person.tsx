import classes from './person.module.css'

/** Whoever has an email and perhaps names. */
export interface Named {
  readonly email: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

/** The name that people know somebody by; the email where there is none. */
export const nameOf = ({ first_name, last_name, email }: Named): string =>
  [first_name, last_name].filter(Boolean).join(' ') || email

const initialsOf = (person: Named): string => {
  const letters = [person.first_name, person.last_name].map(name => (name ? [...name][0] : '')).join('')
  return (letters || person.email.slice(0, 2)).toUpperCase()
}

/** A hue that stays with the person, so that a face-less list is told apart at a glance. */
const hueOf = ({ email }: Named): number =>
  [...email].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7)

export function Avatar({ person, size = 28 }: { readonly person: Named; readonly size?: number }) {
  return (
    <span
      aria-hidden
      className={classes.avatar}
      style={
        { '--hue': hueOf(person), width: size, height: size, fontSize: size * 0.38 } as React.CSSProperties
      }
    >
      {initialsOf(person)}
    </span>
  )
}

/** A person in a list or a sentence: name above, email below. */
export function Person({ person, size }: { readonly person: Named; readonly size?: number }) {
  const name = nameOf(person)
  return (
    <span className={classes.person}>
      <Avatar person={person} {...(size !== undefined && { size })} />
      <span className={classes.names}>
        <span className={classes.name}>{name}</span>
        {name !== person.email && <span className={classes.email}>{person.email}</span>}
      </span>
    </span>
  )
}
