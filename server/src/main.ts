#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Before anything else is loaded: the second start reads compiled code instead of sources.
enableCompileCache()

const { start } = await import('./start.ts')
await start(process)
