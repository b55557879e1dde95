import { createInterface } from 'node:readline'
import { composeServer } from '../../server/src/compose.ts'
import { loadConfig } from '../../server/src/config/index.ts'
import { openCore } from '../../server/src/core.ts'

// The program of `keeper-process.ts`: for each line that it reads it looks once, and says whether it kept house.
const core = await openCore(loadConfig(process.env))
const { housekeeping } = await composeServer(core, {
  logStream: { write: line => void process.stderr.write(line) },
})
console.log('ready')
for await (const _ of createInterface(process.stdin)) console.log(String(await housekeeping.look()))
