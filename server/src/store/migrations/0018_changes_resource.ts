import { nameKeyOf } from '../../kernel/index.ts'
import { addBuiltInResource, type Migration } from './migration.ts'

/** The resource of the feed of changes, which gates in other processes follow. */
export const changesResource: Migration = {
  name: '0018_changes_resource',
  expands: true,
  up: trx => addBuiltInResource(trx, { codeName: 'changes', name: 'Changes' }, nameKeyOf),
}
