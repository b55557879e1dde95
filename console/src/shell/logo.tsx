import classes from './logo.module.css'

/** The name of the product, beside its gate. */
export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#4b4fd9" />
        <path
          d="M9 24V8h14v16"
          fill="none"
          stroke="#fff"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="16" cy="18" r="2.2" fill="#fff" />
      </svg>
      Propusk
    </span>
  )
}
