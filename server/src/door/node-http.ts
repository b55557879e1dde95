import process from 'node:process'

/**
 * `node:http`, taken as it is and not imported: an import reads every export of the module, and those for WebSocket load
 * a whole web client with them, 16 MB and 30 ms that no server needs.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http')
