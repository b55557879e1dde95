const width = 40

export interface ProgressBar {
  advance(rows: number, what: string): void
  done(): void
}

/** A bar on the terminal; a line for each tenth where the output is no terminal. */
export function progressBar(total: number): ProgressBar {
  let rows = 0
  let shown = -1
  return {
    advance(more, what) {
      rows += more
      const share = rows / total
      if (process.stdout.isTTY) {
        const filled = '#'.repeat(Math.round(share * width)).padEnd(width, '.')
        process.stdout.write(`\r[${filled}] ${Math.round(share * 100)} % ${what.padEnd(24)}`)
      } else if (Math.floor(share * 10) > shown) {
        shown = Math.floor(share * 10)
        console.log(`${shown * 10} % (${what})`)
      }
    },
    done() {
      if (process.stdout.isTTY) process.stdout.write('\n')
    },
  }
}
