import { asSuperuser, giveRole } from './demo-api.ts'

/**
 * Makes, in the demo, the resource `notes`, a role that reads and creates notes for user@example.com, and one that may do
 * everything with them for supervisor@example.com. Gives an API key for the example.
 */
export async function prepareNotes(url: string): Promise<string> {
  const ask = await asSuperuser(url)
  await ask('POST', '/resources/', { name: 'Notes', code_name: 'notes' })
  const author = { code_name: 'note_author', permissions: ['notes:read', 'notes:create'] }
  await giveRole(ask, { email: 'user@example.com', ...author })
  await giveRole(ask, {
    email: 'supervisor@example.com',
    code_name: 'note_editor',
    permissions: ['notes:all'],
  })
  const { key } = await ask('POST', '/api_keys/', { name: 'Notes', permissions: ['changes:read'] })
  return key
}
