/** What the process tells the shell. */
export const exitCode = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  /** 128 + SIGINT, as shells report a command that Ctrl-C ended. */
  interrupted: 130,
} as const
