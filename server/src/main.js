#!/usr/bin/env node
// The one file that every Node.js can read, however old: it says in one line which one is needed. So it has no import of
// the new kind, no await, and nothing younger than 2015.
const needed = '22.16.0'

const isOld = () => {
  const [has, needs] = [process.versions.node, needed].map(version => version.split('.').map(Number))
  return has[0] !== needs[0] ? has[0] < needs[0] : has[1] < needs[1]
}

if (isOld()) {
  console.error(`propusk needs Node.js ${needed} or later; this is ${process.versions.node}.`)
  process.exitCode = 1
} else {
  // A stack trace names files and lines of the sources, also in the build.
  process.setSourceMapsEnabled(true)
  import('./start.ts').then(({ start }) => start(process))
}
