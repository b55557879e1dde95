import { execFileSync } from 'node:child_process'
import { chownSync, copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The user of the image. */
const user = 65_532

/** How a program can be run in a folder as its root, as a user without any right. */
type Way = 'namespaces' | 'chroot'

/**
 * Undefined where neither user namespaces nor being root allows it. By namespaces the root is read-only for all that
 * runs in it; by chroot alone it is so by its owner, which is root.
 */
export const wayIntoRoot: Way | undefined = works('unshare', '--user', '--map-root-user', '--mount', 'true')
  ? 'namespaces'
  : process.getuid?.() === 0 && works('chroot', `--userspec=${user}:${user}`, '/', 'true')
    ? 'chroot'
    : undefined

function works(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * The command and first arguments that run a program as user 65532, without a right, with `root` as its root, which is
 * read-only but for `/data`. It is the process itself: what ends it ends the program. `/proc` and `/dev` are empty.
 */
export function into(root: string): readonly string[] {
  if (wayIntoRoot === 'chroot') {
    chownSync(join(root, 'data'), user, user)
    return ['chroot', `--userspec=${user}:${user}`, root]
  }
  const script = [
    'mount --bind "$0" "$0"',
    'mount --bind "$0/data" "$0/data"',
    'mount -o remount,bind,ro "$0"',
    `exec unshare --user --map-user=${user} --map-group=${user} --root="$0" --wd=/data "$@"`,
  ].join(' && ')
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, root]
}

/** Copies a program and the shared libraries that `ldd` names for it to an otherwise empty root with a folder `/data`. */
export function fillRoot(root: string, program: string, name: string): void {
  mkdirSync(join(root, 'data'), { recursive: true })
  copyFileSync(program, join(root, name))
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(?<=\s)\/\S+/g)
  for (const [path] of libraries) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    copyFileSync(path, join(root, path))
  }
}
