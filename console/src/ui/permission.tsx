import classes from './permission.module.css'

/** `resource:action`, its two parts told apart. */
export function Permission({ name, tone }: { readonly name: string; readonly tone?: 'gained' | 'lost' }) {
  const [resource, action] = name.split(':', 2)
  return (
    <code className={classes.permission} data-tone={tone}>
      {tone === 'gained' && '+ '}
      {tone === 'lost' && '− '}
      <span className={classes.resource}>{resource}</span>:{action}
    </code>
  )
}
