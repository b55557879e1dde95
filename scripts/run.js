// `npm start`, `npm run demo` and `npm run cli` run what was built. JavaScript, for any Node.js that knows modules.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../server/dist/main.js', import.meta.url)

/** Whether a file of the sources is younger than the build. */
function isOutdated() {
  const builtMs = statSync(main).mtimeMs
  return ['../server/src', '../gate/src'].some(folder => {
    const path = fileURLToPath(new URL(folder, import.meta.url))
    return readdirSync(path, { recursive: true }).some(name => statSync(`${path}/${name}`).mtimeMs > builtMs)
  })
}

if (existsSync(main)) {
  if (isOutdated())
    console.error(
      'The sources have changed since the build. Run: npm run build (or npm run dev, which runs the sources)',
    )
  // As if it had been started by itself: messages name commands by where it lies.
  process.argv[1] = fileURLToPath(main)
  await import(main.href)
} else {
  console.error(
    'Propusk is not built. Run: npm ci --include=dev (where that was run with --ignore-scripts, also: npm run build)',
  )
  process.exitCode = 1
}
