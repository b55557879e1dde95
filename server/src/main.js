#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Before anything else is loaded, and the one file without types: the second start reads compiled code, and Node
// never loads what strips the types of sources (some 20 MB and 20 ms).
enableCompileCache()

const { start } = await import('./start.ts')
await start(process)
